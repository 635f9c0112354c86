// The desk: clocks, putting an answer in, sending by keyboard, typing signs, and nothing typed that is ever lost.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const title = document.title;
  let types = 0, unseen = 0, hide = 0;

  const csrf = (token) => {
    document.body.dataset.csrf = token;
    document.querySelectorAll("input[name=csrf]").forEach((field) => { field.value = token; });
  };

  const tellClocks = () => {
    document.querySelectorAll("time.clock").forEach((clock) => {
      const minutes = Math.round((Number(clock.dataset.until) * 1000 - Date.now()) / 60000);
      const far = Math.abs(minutes) >= 120 ? `${Math.round(Math.abs(minutes) / 60)} uur` : `${Math.abs(minutes)} min`;
      const text = minutes >= 0 ? `nog ${far}` : `${far} te laat`;
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle("over", minutes < 0);
    });
  };

  const toEnd = () => { const log = byId("gesprek"); if (log) log.scrollTop = log.scrollHeight; };
  const mine = () => document.querySelector(".deeds")?.dataset.mine === "ja";
  const showReply = () => { const reply = byId("antwoorden"); if (reply) reply.hidden = !mine(); };

  const keep = () => {  // what was typed stays in this tab, also when signing in takes another page
    const box = byId("antwoord");
    if (box) sessionStorage.setItem(`antwoord ${location.pathname}`, box.value);
  };

  document.addEventListener("DOMContentLoaded", () => {
    tellClocks();
    setInterval(tellClocks, 15000);
    toEnd();
    showReply();
    const box = byId("antwoord");
    if (box) {
      box.value = box.value || sessionStorage.getItem(`antwoord ${location.pathname}`) || "";
      if (mine()) box.focus({ preventScroll: true });
    }
  });

  document.addEventListener("input", (event) => {
    if (event.target.id !== "antwoord") return;
    keep();
    if (Date.now() - types < 3000 || !event.target.value.trim()) return;
    types = Date.now();
    fetch(event.target.dataset.types, { method: "POST", headers: { "X-CSRF-Token": document.body.dataset.csrf } })
      .catch(() => {});  // a sign that is lost costs nothing
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "antwoord") {
      event.preventDefault();
      byId("versturen").click();
    }
    if (event.altKey && event.key.toLowerCase() === "n") {
      event.preventDefault();
      byId("eerste")?.click();
    }
    if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.matches?.("a.row")) {
      const rows = [...document.querySelectorAll("a.row")];
      rows[rows.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    const insert = event.target.closest?.(".insert");
    if (insert) {
      const box = byId("antwoord");
      box.setRangeText(insert.dataset.insert.trim(), box.selectionStart, box.selectionEnd, "end");
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  document.addEventListener("pluis:sent", () => {
    const box = byId("antwoord");
    box.value = "";
    keep();
    byId("melding").replaceChildren();
    document.querySelector("#antwoordform [name=sleutel]").value = crypto.randomUUID();
    box.focus();
  });
  document.addEventListener("pluis:csrf", (event) => csrf(event.detail.value));

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest?.("form")) byId("melding").replaceChildren();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    tellClocks();
    showReply();
    if (event.target.closest?.("#gesprek")) {
      toEnd();
      byId("typt").textContent = "";
      if (document.hidden) document.title = `(${++unseen}) ${title}`;
    }
    if (event.target.id === "melding") event.target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:sendError", () => {
    byId("melding").textContent = "De verbinding is weg. Je tekst staat er nog: probeer het zo opnieuw.";
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { unseen = 0; document.title = title; }
  });

  document.addEventListener("htmx:sseOpen", (event) => {
    byId("lijn").hidden = true;
    event.detail.source?.addEventListener("typt", () => {
      byId("typt").textContent = "De vrager typt…";
      clearTimeout(hide);
      hide = setTimeout(() => { byId("typt").textContent = ""; }, 5000);
    });
    event.detail.source?.addEventListener("afgemeld", () => {
      event.detail.source.close();
      keep();
      byId("melding").innerHTML = 'Je bent afgemeld, omdat er een tijd niets gebeurde. <a href="/aanmelden?next=/aanmelden/klaar" target="_blank" rel="noopener">Meld je opnieuw aan</a> in een nieuw tabblad. Wat je schreef, staat hier dan nog.';
    });
  });
  document.addEventListener("htmx:sseError", () => { byId("lijn").hidden = false; });
})();
