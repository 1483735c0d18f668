// A narrow window is no reason to begin again, as one long page.
Reveal.configure({ scrollActivationWidth: null });

// What does not fit on its slide is set smaller, until it does.
{
  const tooMuch = (slide) =>
    slide.scrollHeight > slide.clientHeight ||
    [...slide.querySelectorAll('pre, table')].some((box) => box.scrollWidth > box.clientWidth + 1);
  const fit = (slide) => {
    const content = slide?.querySelector(':scope > .slide-content');
    if (!content || content.style.zoom) return;
    for (let zoom = 1; zoom > 0.4 && tooMuch(slide); zoom -= 0.05) content.style.zoom = zoom;
  };
  const now = () => fit(Reveal.getCurrentSlide());
  if (Reveal.isReady()) now();
  Reveal.on('ready', now);
  Reveal.on('slidechanged', now);
  Reveal.on('pdf-ready', () => Reveal.getSlides().forEach(fit));
}
