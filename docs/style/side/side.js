// From piece to piece, as one talks.
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const heads = [...document.querySelectorAll('h3')];
  const top = (head) => head.getBoundingClientRect().top;
  const edge = 60;
  const go = (head) => {
    head?.scrollIntoView();
    head?.focus({ preventScroll: true });
  };
  const here = heads.indexOf(document.activeElement);
  if (event.key === 'n') go(here >= 0 ? heads[here + 1] : heads.find((head) => top(head) > edge));
  else if (event.key === 'p') go(here >= 0 ? heads[here - 1] : heads.findLast((head) => top(head) < edge - 20));
  else if (event.key === 'o') {
    const folds = [...document.querySelectorAll('details')];
    const open = folds.some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
  }
});
