// On a tablet that people share nothing stays of who answered before.
const IDLE = 180e3, WARNING = 60e3;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const stillThere = document.getElementById("still-there");
let idle = 0;

function startOver() {
  if (!record.waiting) forget(id);
  id = Array.from(crypto.getRandomValues(new Uint8Array(26)), byte => ALPHABET[byte & 31]).join("");
  record = { id, code };
  for (const said of page.querySelectorAll(".summary,.q>.error:not(#needed)")) said.remove();
  form.removeAttribute("action");
  fill([]);
  document.getElementById("answers").replaceChildren();
  for (const search of page.querySelectorAll("[type=search]")) {
    search.value = "";
    search.dispatchEvent(new Event("input"));
  }
  update();
  const welcome = `/${code}/${language}`;
  history.replaceState(null, "", `${welcome}/${id}`);
  followAddress(true);
  // The notice comes first, wherever the server is there to show it.
  fetch(welcome, { method: "HEAD" }).then(() => location.replace(welcome), () => {});
}

function stayAwake() {
  clearTimeout(idle);
  stillThere.hidden = true;
  idle = setTimeout(() => {
    stillThere.hidden = false;
    idle = setTimeout(startOver, WARNING);
  }, IDLE);
}

for (const name of ["input", "pointerdown", "keydown"]) addEventListener(name, stayAwake);
addEventListener("pageshow", event => event.persisted && startOver());
if (!isBlankPage) forget(location.pathname.split("/")[3]); // this page shows what was refused
for (const button of page.querySelectorAll(".over")) button.addEventListener("click", startOver);
stayAwake();
