// Reads a question aloud: its recording, else the phone's own voice; where there is neither, no button.
const recording = new Audio();
const voices = self.speechSynthesis;
const voice = () => voices?.getVoices().find(each => each.lang.toLowerCase().startsWith(document.documentElement.lang));
let spoken = null;

function speak(question) {
  const parts = [...question.querySelectorAll("legend,label,.hint,.numbers span,:scope>p:first-child")].filter(part => part.offsetParent);
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
function sayOrHush(question) {
  const isSpoken = spoken === question;
  hush();
  if (isSpoken) return;
  spoken = question;
  recording.src = question.dataset.audio ?? "";
  if (question.dataset.audio) recording.play().catch(() => spoken === question && voice() && speak(question));
  else speak(question);
}

function offerSpeech() {
  for (const question of questions) {
    if (question.querySelector(".say") || !question.dataset.audio && !voice()) continue;
    const button = make("button", { type: "button", className: "say", title: page.dataset.say, onclick: () => sayOrHush(question) });
    question.append(button);
  }
}
offerSpeech();
voices?.addEventListener?.("voiceschanged", offerSpeech);
