// The Dutch words of the chat client: with "je" instead of "u", and plainer than Microsoft's own.
(function () {
  'use strict';

  const WORDS = {
    ACTIVITY_BOT_SAID_ALT: 'Pluis zei:',
    ACTIVITY_YOU_SAID_ALT: 'Jij zei:',
    ACTIVITY_BOT_ATTACHED_ALT: 'Pluis stuurde:',
    ACTIVITY_YOU_ATTACHED_ALT: 'Jij stuurde:',
    ACTIVITY_INTERACTIVE_FOOTNOTE_ALT: 'Klik om hierin te kiezen.',
    ACTIVITY_STATUS_SEND_FAILED_RETRY: 'Niet verstuurd. [Probeer opnieuw][RETRY].',
    ACTIVITY_STATUS_SEND_STATUS_ALT_SENDING: 'Wordt verstuurd',
    CONNECTIVITY_STATUS_ALT_CONNECTING: 'Verbinding maken…',
    CONNECTIVITY_STATUS_ALT_FATAL: 'Er is geen verbinding.',
    CONNECTIVITY_STATUS_ALT_RECONNECTING: 'De verbinding is weg. Ik probeer het opnieuw…',
    CONNECTIVITY_STATUS_ALT_RENDER_ERROR: 'Dit kon niet worden getoond. Ververs de pagina; je gesprek blijft bewaard.',
    CONNECTIVITY_STATUS_ALT_SLOW_CONNECTION: 'Verbinding maken duurt langer dan gewoonlijk.',
    KEYBOARD_HELP_HEADER: 'Bedienen met het toetsenbord',
    SEND_BOX_IS_EMPTY_TOOLTIP_ALT: 'Er staat nog niets in het tekstvak.',
    SUGGESTED_ACTIONS_LABEL_ALT: 'Antwoorden om uit te kiezen',
    TEXT_INPUT_ALT: 'Jouw bericht',
    TEXT_INPUT_PLACEHOLDER: 'Schrijf hier, zonder namen',
    TEXT_INPUT_SEND_BUTTON_ALT: 'Versturen',
    TOAST_DISMISS_BUTTON: 'Sluiten',
    TRANSCRIPT_ARIA_LABEL_ALT: 'Het gesprek. Met de pijltjestoetsen ga je langs de berichten.',
    TRANSCRIPT_ARIA_ROLE_ALT: 'gesprek',
    TRANSCRIPT_LIVE_REGION_INTERACTIVE_LABEL_ALT: 'In dit bericht kun je kiezen. Druk een paar keer op Shift en Tab om erheen te gaan.',
    TRANSCRIPT_LIVE_REGION_INTERACTIVE_WITH_LINKS_LABEL_ALT: 'In dit bericht staat een link. Druk een paar keer op Shift en Tab om erheen te gaan.',
    TRANSCRIPT_LIVE_REGION_SUGGESTED_ACTIONS_LABEL_ALT: 'Je kunt uit antwoorden kiezen. Druk een paar keer op Shift en Tab om erheen te gaan.',
    TRANSCRIPT_LIVE_REGION_SUGGESTED_ACTIONS_WITH_ACCESS_KEY_LABEL_ALT: 'Je kunt uit antwoorden kiezen. Druk op $1 om erheen te gaan.',
    TRANSCRIPT_LIVE_REGION_SEND_FAILED_ALT: 'Je bericht is niet verstuurd.',
    TRANSCRIPT_MORE_MESSAGES: 'Naar de vraag',
    TRANSCRIPT_TERMINATOR_TEXT: 'Einde van het gesprek',
    TYPING_INDICATOR_ALT: 'Pluis schrijft',
    TYPING_INDICATOR_SINGLE_TEXT: '$1 schrijft.',
  };

  // What the privacy door left out, by its own names for the kinds.
  const LEFT_OUT = {
    persoon: 'een naam',
    adres: 'een adres',
    plaats: 'een plaats',
    instelling: 'de naam van een instelling',
    telefoon: 'een telefoonnummer',
    'e-mail': 'een e-mailadres',
    postcode: 'een postcode',
    bsn: 'een burgerservicenummer',
    rekening: 'een rekeningnummer',
    kenteken: 'een kenteken',
    datum: 'een geboortedatum',
    account: 'een account of dossiernummer',
    link: 'een link',
  };

  function leftOut(kinds) {
    const names = kinds.map((kind) => LEFT_OUT[kind] || 'een persoonlijk gegeven');
    const last = names.pop();
    return `Weggelaten: ${names.length ? `${names.join(', ')} en ` : ''}${last}. Zo is hieruit niet op te maken over wie het gaat.`;
  }

  const PASSED = 'Deze lijst is van eerder in het gesprek.';

  window.Pluis = Object.assign(window.Pluis || {}, { leftOut, passed: PASSED, words: (theirs) => Object.assign({}, theirs, WORDS) });
})();
