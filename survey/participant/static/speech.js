// Reads a question, the head of a section or a notice aloud: its recording, else the phone's own voice; where there is neither, no button.
const recording = new Audio();
const voices = self.speechSynthesis;
const voice = () => voices?.getVoices().find(each => each.lang.toLowerCase().startsWith(document.documentElement.lang));
let spoken = null;

function speak(box) {
  const read = box.matches(".q") ? "legend,label,.hint,.numbers span,:scope>p:first-child" : ":scope>h2,:scope>p";
  const parts = [...box.querySelectorAll(read)].filter(part => part.offsetParent);
  const utterance = new SpeechSynthesisUtterance([...new Set(parts.map(wordsOf))].join(". "));
  utterance.voice = voice();
  utterance.lang = utterance.voice.lang;
  utterance.onend = () => { spoken = null; };
  voices.speak(utterance);
}

recording.onended = () => { spoken = null; };

function hush() {
  spoken = null;
  recording.pause();
  voices?.cancel();
}

// A second tap is silence.
function sayOrHush(box) {
  const isSpoken = spoken === box;
  hush();
  if (isSpoken) return;
  spoken = box;
  recording.src = box.dataset.audio ?? "";
  if (box.dataset.audio) recording.play().catch(() => spoken === box && voice() && speak(box));
  else speak(box);
}

function offerSpeech() {
  for (const box of document.querySelectorAll(".q,.step,.spoken")) {
    if (box.matches(".heard") || !box.dataset.audio && !voice()) continue;
    box.classList.add("heard");
    const title = box.closest("[data-aloud]").dataset.aloud;
    box.firstElementChild.after(make("button", { type: "button", className: "say", title, onclick: () => sayOrHush(box) }));
  }
}
offerSpeech();
voices?.addEventListener?.("voiceschanged", offerSpeech);
