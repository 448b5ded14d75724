// The server holds the answers: this phone keeps the way to them, a shared tablet nothing at all.
const [, code, language, id] = location.pathname.split("/");
const { receipt, kiosk } = document.getElementById("receipt").dataset;
if (kiosk) {
  forget(id);
  setTimeout(() => location.replace(`/${code}/${language}`), kiosk * 1000);
} else {
  keep({ id, code, language, receipt }).catch(() => {}); // the page itself says what to write down
}
