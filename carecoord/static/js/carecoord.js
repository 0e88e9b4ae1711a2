// Five things only: focus on what needs reading, a form sent once by a double click,
// busy marks for htmx, the time-out warning, and signing out when time is up. Every
// page works without this file.
(function () {
  "use strict";
  const WARN_SECONDS = 120;
  const EXTEND_SECONDS = 300;
  const SEEN = "carecoord-seen";
  const SENT_MS = 5000;
  const body = document.body;

  // What must be read first: problems, or what was just saved.
  const first = document.querySelector("[data-focus-first]");
  if (first) {
    first.focus();
  }
  // A link in the error summary puts the cursor in its field, not only near it.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("[data-field-link]");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  });

  // The answer to a first click is lost by a second: with it a code shown only once.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    const elsewhere = event.submitter && event.submitter.formTarget;
    if (event.defaultPrevented || elsewhere || form.getAttribute("method") !== "post") {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
    } else {
      form.dataset.sent = "yes";
      setTimeout(function () { delete form.dataset.sent; }, SENT_MS);
    }
  });
  // Back may bring a page as it was left: what is put right there is sent at once.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.querySelectorAll("form[data-sent]").forEach(function (form) {
        delete form.dataset.sent;
      });
    }
  });

  body.addEventListener("htmx:beforeRequest", function (event) {
    event.detail.target.setAttribute("aria-busy", "true");
  });
  body.addEventListener("htmx:afterRequest", function (event) {
    event.detail.target.removeAttribute("aria-busy");
  });
  // When a swap removes the button that had focus, the new heading takes it.
  body.addEventListener("htmx:afterSettle", function (event) {
    const heading = event.detail.target.querySelector("[data-focus-after-swap]");
    if (heading && document.activeElement === body) {
      heading.focus();
    }
  });

  const dialog = document.getElementById("timeout");
  const idle = Number(body.dataset.idleSeconds);
  if (!dialog || !idle || !dialog.showModal) {
    return;
  }
  const stay = document.getElementById("timeout-stay");
  const leave = document.getElementById("timeout-leave");
  const left = document.getElementById("timeout-left");
  let seen = Date.now();
  let active = false;

  // Other tabs of the same person count too: the newest request anywhere wins.
  function remember() {
    seen = Date.now();
    try {
      localStorage.setItem(SEEN, String(seen));
    } catch (error) {
      // Storage switched off: this tab counts alone.
    }
  }
  function lastSeen() {
    try {
      const stored = Number(localStorage.getItem(SEEN)) || 0;
      return stored <= Date.now() ? Math.max(seen, stored) : seen;
    } catch (error) {
      return seen;
    }
  }
  function extend() {
    active = false;
    fetch(stay.action, {
      method: "POST",
      body: new FormData(stay),
      headers: { "HX-Request": "true" },
      credentials: "same-origin",
      redirect: "manual",
    }).then(function (response) {
      if (response.ok) {
        remember();
        if (dialog.open) {
          dialog.close();
        }
      } else if (response.type === "opaqueredirect" || response.status === 403) {
        leave.submit();
      }
    }, function () {
      // No network: the clock goes on and the warning stays.
    });
  }
  function words(seconds) {
    if (seconds > 60) {
      return left.dataset.minutes;
    }
    const rounded = Math.max(15, Math.ceil(seconds / 15) * 15);
    return left.dataset.seconds.replace("00", String(rounded));
  }
  function tick() {
    const passed = (Date.now() - lastSeen()) / 1000;
    const remaining = idle - passed;
    if (remaining <= 0) {
      leave.submit();
    } else if (active && !dialog.open && passed > EXTEND_SECONDS) {
      // Typing is not being idle: someone is writing a long answer.
      extend();
    } else if (remaining > WARN_SECONDS) {
      if (dialog.open) {
        dialog.close();
      }
    } else {
      if (!dialog.open) {
        dialog.showModal();
      }
      if (left.textContent !== words(remaining)) {
        left.textContent = words(remaining);
      }
    }
  }
  document.addEventListener("keydown", function () { active = true; });
  document.addEventListener("input", function () { active = true; });
  body.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) {
      remember();
    }
  });
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    extend();
  });
  stay.addEventListener("submit", function (event) {
    event.preventDefault();
    extend();
  });
  remember();
  setInterval(tick, 1000);
})();
