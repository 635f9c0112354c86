// Goes on in a conversation by the code of its question: the keys come in this tab, and the chat page finds them there.
'use strict';
(() => {
  const form = document.getElementById('code-form');
  const fault = document.getElementById('code-fout');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    fault.textContent = '';
    const told = { method: 'POST', cache: 'no-store', headers: { 'Content-Type': 'application/json' } };
    try {
      const answer = await fetch('/v3/directline/tokens/return', { ...told, body: JSON.stringify({ code: form.code.value }) });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.detail || found.title);
      const { conversationId, resume } = found;
      sessionStorage.setItem('pluis.gesprek', JSON.stringify({ conversationId, resume }));
      location.assign('/');
    } catch (error) {
      fault.textContent = error instanceof TypeError ? 'De verbinding is weg. Probeer het zo opnieuw.' : error.message;
      form.code.focus();
    }
  });
})();
