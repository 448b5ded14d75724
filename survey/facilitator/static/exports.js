// Shows how far a long export is: asks for its page every second, less and less often while the
// server does not answer, until it is made.
const SECOND = 1000, MOST = 30 * SECOND;
let misses = 0;

async function look() {
  const now = document.getElementById("now");
  try {
    const reply = await fetch(location.href, {
      cache: "no-store",
      redirect: "manual", // to the sign-in: no news either
      signal: AbortSignal.timeout(10 * SECOND),
    });
    if (reply.status !== 200) throw new Error(reply.status);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    show(now, page.getElementById("now"));
    misses = 0;
  } catch {
    misses++;
  }
  wait();
}

// While it runs only what changes is replaced, so that a finger or the focus on a button stays.
function show(now, newer) {
  if (newer.dataset.state !== now.dataset.state) {
    now.replaceWith(newer);
    return;
  }
  for (const part of ["progress", ".far strong", ".hint"]) {
    now.querySelector(part)?.replaceWith(newer.querySelector(part));
  }
}

function wait() {
  if (document.getElementById("now")?.dataset.state !== "running") return;
  document.querySelector(".again")?.remove();
  setTimeout(look, Math.min(MOST, SECOND * 2 ** misses));
}
wait();
