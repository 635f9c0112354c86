// Copies the code or the link of a group, and tells so aloud; what cannot be copied is selected, to do so by hand.
'use strict';
(() => {
  const told = document.getElementById('gekopieerd');

  const select = (text) => {
    const chosen = getSelection();
    chosen.selectAllChildren(text);
    return document.execCommand('copy'); // the way where the clipboard is for https alone
  };

  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copies);
    told.textContent = '';
    let copied;
    try {
      await navigator.clipboard.writeText(text.textContent);
      copied = true;
    } catch {
      copied = select(text);
    }
    told.textContent = copied ? button.dataset.told : 'Kopiëren lukte niet. De tekst is geselecteerd: kopieer hem met Ctrl+C.';
  };

  for (const button of document.querySelectorAll('[data-copies]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  }
})();
