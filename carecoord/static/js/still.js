// An open tab asks every few seconds whether it may go on showing what it shows. When
// it may not, the text goes at once, before the page is asked for again. Nothing else is
// touched: what somebody types or prints stays as it is as long as they may see it.
// A page of one's own may always be shown: it asks whether its person is still here,
// and once a minute only while nobody looks at it: phones pay for each question.
(function () {
  "use strict";
  const EVERY_MS = 4000;
  const UNSEEN_MS = 60000;
  const body = document.body;
  const shown = body.dataset.shown;
  const address = shown
    ? body.dataset.stillUrl + "?shown=" + encodeURIComponent(shown)
    : body.dataset.hereUrl;
  if (!address) {
    return;
  }
  const main = document.getElementById("main");
  let asking = false;
  let gone = false;
  let asked = 0;

  function lose() {
    if (body.dataset.left !== undefined) {
      return;
    }
    gone = true;
    clearInterval(timer);
    document.title = "";
    main.replaceChildren();
    // Whoever acted for somebody, and does not now, asks for nothing again.
    // Without the place on the page: with it a browser would only scroll there.
    const here = location.href.split("#")[0];
    location.replace((shown || "").startsWith("acts-") ? "/" : here);
  }
  function ask() {
    if (asking || gone) {
      return;
    }
    asking = true;
    asked = Date.now();
    fetch(address, {
      headers: { "X-Poll": "1" },
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
    }).then(function (response) {
      asking = false;
      if (response.status === 204) {
        main.hidden = false;
      } else if (response.status < 500) {
        // 286, or a redirect (status 0): signed out elsewhere.
        lose();
      }
    }, function () {
      // No network: it stays as it is, and asks again.
      asking = false;
    });
  }
  function turn() {
    // By the clock: a browser slows the timers of a page that nobody looks at.
    if (shown || !document.hidden || Date.now() - asked >= UNSEEN_MS) {
      ask();
    }
  }
  const timer = setInterval(turn, EVERY_MS);
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) {
      ask();
    }
  });
  // Back to a page that the browser kept: not shown before the answer is there.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      main.hidden = true;
      ask();
    }
  });
})();
