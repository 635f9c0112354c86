// Sees, before a message leaves the browser, what has the form of something that identifies a person. The privacy door
// (bot/privacy) reads every message again and knows far more; this only asks the writer to leave it out herself.
(function () {
  'use strict';

  const FORMS = [
    ['e-mailadres', /[\w.+-]+@[\w-]+(\.[a-z][\w-]*)+/i],
    ['telefoonnummer', /(?<![\w.,])(?:\(?(?:\+|00)\d{1,3}\)?|\(?0\d{1,3}\)?)(?:[\s./()-]{0,3}\d){6,9}(?!\d)|(?<![\w.,-])6[\s-]?\d(?:[\s.-]?\d){7}(?!\d)/],
    ['burgerservicenummer', /(?<![\d.,])\d(?:[ .-]?\d){7,8}(?!\d)/],
    ['postcode', /(?<![\d.,€-])[1-9]\d{3}(?:\s?(?!SA|SD|SS)[A-Z]{2}|(?!sa|sd|ss)[a-z]{2})(?!\w)/],
  ];
  const HELPLINE = /^0[89]00/; // Veilig Thuis, 113 and the like
  const DATE = /^\d{1,2}[-/. ]+\d{1,2}[-/. ]+\d{2,4}$/;
  const DATES = /(?<![\w.,/-])(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)/g; // also with more behind it
  const YEAR = /^(19|20)\d\d (IS|EN|IN|OP|OK|AF|NU|ZO|AT|OM|TE|DE|WE|ZE|JE|IK)$/; // and a word in capitals
  const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];

  function fits(kind, piece) {
    const digits = piece.replace(/\D/g, '');
    if (kind === 'telefoonnummer') return digits.length >= 8 && !HELPLINE.test(digits) && !DATE.test(piece);
    if (kind === 'postcode') return !YEAR.test(piece);
    if (kind !== 'burgerservicenummer') return true;
    const padded = [...digits.padStart(9, '0')];
    return Number(digits) > 0 && padded.reduce((sum, digit, at) => sum + digit * WEIGHTS[at], 0) % 11 === 0;
  }

  // the kind and the piece of the first of them, or null
  function personal(text) {
    const read = text.replace(DATES, ',');
    for (const [kind, pattern] of FORMS) {
      for (const [piece] of read.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
        if (fits(kind, piece)) return { kind, piece: piece.trim() };
      }
    }
    return null;
  }

  window.Pluis = Object.assign(window.Pluis || {}, { personal });
})();
