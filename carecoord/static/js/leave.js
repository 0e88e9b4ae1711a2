// "Leave this page now", for whoever switched it on: the button, or Shift three times.
// The page is empty before the network is asked anything. Then the session ends, and a
// page elsewhere takes the place of this one in the history. Without this file the
// button is a plain form: it does the same, one page later.
(function () {
  "use strict";
  const TIMES = 3;
  const WITHIN_MS = 5000;
  const WAIT_MS = 1000;
  const form = document.getElementById("leave");
  if (!form) {
    return;
  }
  const body = document.body;
  const status = document.getElementById("status");
  const tabs = window.BroadcastChannel ? new BroadcastChannel("carecoord-left") : null;
  let pressed = 0;
  let alone = false;
  let forgetting = 0;

  function blank() {
    // Read by still.js, which must not bring the page back.
    body.dataset.left = "";
    document.title = form.dataset.title;
    body.replaceChildren();
  }
  function leave() {
    const sent = new FormData(form);
    blank();
    if (tabs) {
      tabs.postMessage("");
    }
    const ended = fetch(form.action, {
      method: "POST",
      body: sent,
      credentials: "same-origin",
      redirect: "manual",
      // Goes on when this page is gone: a slow line keeps nobody here.
      keepalive: true,
    }).catch(function () {
      // No network: nothing is left on the screen all the same.
    });
    const late = new Promise(function (done) { setTimeout(done, WAIT_MS); });
    Promise.race([ended, late]).then(function () {
      location.replace(form.dataset.elsewhere);
    });
  }
  function forget() {
    pressed = 0;
    clearTimeout(forgetting);
  }
  function count() {
    clearTimeout(forgetting);
    pressed += 1;
    if (pressed === TIMES) {
      leave();
      return;
    }
    forgetting = setTimeout(forget, WITHIN_MS);
    status.textContent = pressed === 1 ? form.dataset.twice : form.dataset.once;
  }

  // Whoever leaves one page leaves all of them: each other tab goes with it.
  if (tabs) {
    tabs.onmessage = function () {
      blank();
      location.replace(form.dataset.elsewhere);
    };
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    leave();
  });
  // Shift alone: with a letter, a click or another key it is writing.
  document.addEventListener("keydown", function (event) {
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!alone) {
      forget();
    }
  });
  document.addEventListener("pointerdown", function () { alone = false; });
  document.addEventListener("keyup", function (event) {
    if (event.key === "Shift" && alone) {
      alone = false;
      count();
    }
  });
  // Back to a page that the browser kept: it is asked for again, and is sign-in.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      blank();
      location.reload();
    }
  });
})();
