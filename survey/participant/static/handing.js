// Hands answers over without a network: as a text to paste, or the same text in a file.
function textOf({ code, language, id, body }) {
  // Messengers take _ and * for marks of their own.
  const plain = body.replace(/[_*]/g, letter => letter === "_" ? "%5F" : "%2A");
  return `[tashkhis ${code} ${language} ${id} ${plain}]`;
}

function offerHandOver(box, recordsOf) {
  const text = box.querySelector("textarea"), link = box.querySelector("a");
  box.addEventListener("toggle", async () => {
    const records = await recordsOf();
    text.value = records.map(textOf).join("\n");
    link.href = URL.createObjectURL(new Blob([text.value], { type: "text/plain" }));
    link.download = `tashkhis-${records.map(({ code, id }) => code + id.slice(0, 4))[0]}.txt`;
  });
  text.addEventListener("focus", () => text.select());
}
