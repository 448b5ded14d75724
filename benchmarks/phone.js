// Goes into the page before its own script: notes when the first question can be answered, how long
// tasks take and how long taps wait for their frame; finds what there is to tap.
window.bench = (() => {
  const PATIENCE = 120e3;
  let tasks = [], events = [];

  const watch = (type, add, options) => {
    const observer = new PerformanceObserver(list => add(list.getEntries()));
    observer.observe({ type, buffered: true, ...options });
    return { pull: () => add(observer.takeRecords()) };
  };
  const watching = [
    watch("longtask", entries => tasks.push(...entries)),
    watch("event", entries => events.push(...entries), { durationThreshold: 16 }),
  ];

  const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
  const middleOf = element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const isVisible = element => element.type !== "hidden" && element.getClientRects().length > 0;

  // Whether a finger at its middle would meet it, or the words that belong to it.
  function isReachable(element) {
    const { x, y } = middleOf(element);
    const met = document.elementFromPoint(x, y);
    return met !== null && (element.contains(met) || Boolean(element.closest("label")?.contains(met)));
  }

  function isAnswerable() {
    if (!document.documentElement?.classList.contains("js")) return false;
    const page = document.getElementById("page");
    if (!page || page.inert) return false;
    const first = [...page.querySelectorAll(".q input,.q select,.q textarea")].find(isVisible);
    return first !== undefined && isReachable(first);
  }

  // Milliseconds from the start of the navigation to the end of the first such frame.
  const answerable = new Promise((resolve, reject) => {
    const tooLate = "The first question's first input cannot be tapped: hidden, covered or below the screen.";
    setTimeout(() => reject(new Error(tooLate)), PATIENCE);
    const look = () => requestAnimationFrame(() => {
      if (isAnswerable()) setTimeout(() => resolve(performance.now()));
      else look();
    });
    look();
  });

  // The longest task and the longest wait for a frame since the last call, once all is still.
  async function drain(ms = 150) {
    await pause(ms);
    await new Promise(resolve => requestIdleCallback(resolve, { timeout: 5000 }));
    for (const each of watching) each.pull();
    const longest = entries => Math.max(0, ...entries.map(entry => entry.duration));
    const found = { task: longest(tasks), frame: longest(events) };
    tasks = [];
    events = [];
    return found;
  }

  // A few of each question's, spread evenly; an odd stride meets both − and +. The first choice is
  // tapped last, so it is a cooperative who answers, and is asked almost everything.
  let targets = [];
  function find(selector, most) {
    targets = [...document.querySelectorAll("#page .q")].filter(isVisible).flatMap(question => {
      const all = [...question.querySelectorAll(selector)].filter(isVisible);
      const stride = Math.ceil(all.length / most) | 1;
      return all.filter((_, place) => place % stride === 0).reverse();
    });
    return targets.length;
  }

  // Scrolls to where a finger can tap; null if an earlier tap has closed it.
  async function reach(element) {
    if (!element || element.disabled || !isVisible(element)) return null;
    element.scrollIntoView({ block: "center" });
    await drain();
    if (!isReachable(element)) return null;
    const { id, tagName } = element.closest(".q") ?? element;
    return { ...middleOf(element), where: id ? `#${id}` : tagName.toLowerCase(), digits: element.inputMode !== "" };
  }

  return {
    answerable, drain, find,
    reachFound: place => reach(targets[place]),
    reachOne: selector => reach(document.querySelector(selector)),
  };
})();
