// The desk: clocks, putting an answer in, sending by keyboard, typing signs, and nothing typed that is ever lost.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const title = document.title;
  const FIELDS = "textarea[id], input[id]:not([type=hidden], [type=search], [type=radio], [type=file])";
  let types = 0, unseen = 0, hide = 0, out = false;

  // What the server shows anew keeps what stands in its fields, what was chosen, and what was opened.
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(["value", "selected", "open"].includes(name) && node.matches(`${FIELDS}, select, option, details`));

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

  // What was typed stays in this tab until it is sent, also when signing in takes another page.
  const place = (field) => `${location.pathname} ${field.id}`;
  const keep = (field) => sessionStorage.setItem(place(field), field.value);
  const letGo = (form) => form.querySelectorAll(FIELDS).forEach((field) => sessionStorage.removeItem(place(field)));
  const giveBack = () => document.querySelectorAll(FIELDS).forEach((field) => {
    const kept = sessionStorage.getItem(place(field));
    if (!kept) return;
    field.value = kept;
    field.closest("details")?.setAttribute("open", "");
  });

  document.addEventListener("DOMContentLoaded", () => {
    tellClocks();
    setInterval(tellClocks, 15000);
    toEnd();
    showReply();
    giveBack();
    if (mine()) byId("antwoord")?.focus({ preventScroll: true });
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches(FIELDS)) return;
    keep(event.target);
    const sends = byId("melding").querySelector("button[form]");  // of words that have changed since
    if (sends && sends.getAttribute("form") === event.target.form?.id) byId("melding").replaceChildren();
    if (event.target.id !== "antwoord") return;
    if (Date.now() - types < 3000 || !event.target.value.trim()) return;
    types = Date.now();
    fetch(event.target.dataset.types, { method: "POST", headers: { "X-CSRF-Token": document.body.dataset.csrf } })
      .catch(() => {});  // a sign that is lost costs nothing
  });

  document.addEventListener("change", (event) => {
    const { type, files, dataset } = event.target;
    if (type === "file") event.target.setCustomValidity(files[0]?.size > Number(dataset.most) ? dataset.large : "");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "antwoord") {
      event.preventDefault();
      byId("versturen").click();
    }
    if (event.altKey && event.key.toLowerCase() === "n") {
      event.preventDefault();
      if (!event.repeat) byId("eerste")?.click();
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
    letGo(box.form);
    byId("melding").replaceChildren();
    document.querySelector("#antwoordform [name=sleutel]").value = crypto.randomUUID();
    box.focus();
  });
  document.addEventListener("pluis:csrf", (event) => csrf(event.detail.value));

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.target.closest?.("form");
    if (form && event.detail.xhr.status === 204) letGo(form);
  });
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
    if (document.hidden) return;
    if (out) location.reload();  // signed in again meanwhile, or asked to
    unseen = 0;
    document.title = title;
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
      out = true;
      byId("melding").innerHTML = 'Je bent hier afgemeld. <a href="/aanmelden?next=/aanmelden/klaar" target="_blank" rel="noopener">Meld je opnieuw aan</a> in een nieuw tabblad. Wat je schreef, staat hier dan nog.';
    });
  });
  document.addEventListener("htmx:sseError", () => { byId("lijn").hidden = false; });
})();
