// The server holds the answers: this phone keeps the way to them, a shared tablet nothing at all.
const [, code, language, id] = location.pathname.split("/");
const { receipt, kiosk, erased } = document.getElementById("receipt")?.dataset ?? {};
if (kiosk || erased != null) forget(id);
else if (receipt) keep({ id, code, language, receipt }).catch(() => {}); // the page says what to write down
if (kiosk) setTimeout(() => location.replace(`/${code}/${language}`), kiosk * 1000);
