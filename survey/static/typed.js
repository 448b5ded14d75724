// What people type: plain text, numbers, and what is left of words however they are spelt.
const EASTERN = /[٠-٩۰-۹]/g;
const western = text => text.replace(EASTERN, digit => digit.charCodeAt(0) & 15);
const plainNumber = text => western(text).replace(/[\s٬\u200e\u200f\u061c]/g, "");
const cleanText = text => text.replace(/\r\n?/g, "\n")
  .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "").trim();

function numberIn(text, pattern) {
  const plain = plainNumber(text).replace(/[٫,]/g, ".");
  return pattern.test(plain) ? +plain : null;
}
const WHOLE = /^[+-]?[0-9]{1,18}$/, DECIMAL = /^[+-]?[0-9]{1,15}(\.[0-9]{1,6})?$/;

const SAME = { "ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": "" };
const fold = text => western(text).normalize("NFKD").toLowerCase()
  .replace(/[ٱةىـ]/g, letter => SAME[letter]).replace(/[^\p{L}\p{N}]/gu, "");
// Without vowels and doubled letters: Taroudant is Taroudannt, تزنيت is تيزنيت.
const bones = text => fold(text).replace(/[aeiouyاوي]/g, "").replace(/(.)\1+/g, "$1");
