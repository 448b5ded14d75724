// Makes an element with properties and children.
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const wordsOf = element => element?.textContent.trim() ?? "";

// What a tap changes is shown before anything else is done.
const afterFrame = () => new Promise(done => {
  requestAnimationFrame(() => setTimeout(done));
  setTimeout(done, 100); // a page out of sight has no frames
});
