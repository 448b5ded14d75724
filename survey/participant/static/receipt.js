// The server holds the answers: this phone keeps the way to them, a shared tablet nothing at all.
const [, code, language, id] = location.pathname.split("/");
const { receipt, revision, kiosk, erased } = document.getElementById("receipt")?.dataset ?? {};

// A correction that is not sent yet stays, unless she chose the stored answers.
async function keepReceipt() {
  const kept = await keptOf(id);
  const isOver = !kept?.fields || +kept.revision < +revision || location.hash === "#stored";
  if (isOver) await keep({ id, code, language, receipt });
}
if (kiosk || erased != null) forget(id);
else if (receipt) keepReceipt().catch(() => {}); // the page says what to write down
if (kiosk) setTimeout(() => location.replace(`/${code}/${language}`), kiosk * 1000);
