'use strict';
// Tooltips: the mark under the pointer, or the nearest one; the arrow keys go from mark to mark of the chart that has the focus.
(function () {
  const tip = document.getElementById('tip');
  const near = 60;
  let hot = null;

  function hide() {
    if (hot) hot.classList.remove('hot');
    hot = null;
    tip.style.display = 'none';
  }

  function show(mark) {
    if (mark === hot) return;
    hide();
    hot = mark;
    mark.classList.add('hot');
    tip.textContent = mark.dataset.tip;
    tip.style.display = 'block';
    const box = mark.getBoundingClientRect();
    const left = Math.min(box.left + box.width / 2 + 12, window.innerWidth - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 10;
    tip.style.left = Math.max(8, left) + 'px';
    tip.style.top = (above > 8 ? above : box.bottom + 10) + 'px';
  }

  function nearest(marks, x, y) {
    let best = null, least = near;
    for (const mark of marks) {
      const box = mark.getBoundingClientRect();
      const distance = Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y);
      if (least > distance) [best, least] = [mark, distance];
    }
    return best;
  }

  for (const chart of document.querySelectorAll('svg.chart')) {
    // The browser's own tooltips would stand beside ours.
    const title = chart.querySelector('title');
    chart.setAttribute('aria-label', title.textContent + '. ' + chart.querySelector('desc').textContent);
    title.remove();
    const marks = Array.from(chart.querySelectorAll('.mark'));
    const points = marks.filter(mark => mark.matches('circle, .cross'));
    for (const mark of marks) {
      const text = mark.querySelector('title');
      mark.dataset.tip = text.textContent;
      text.remove();
    }
    let at = -1;
    function point(event) {
      const under = event.target.closest('.mark');
      const found = under || nearest(points, event.clientX, event.clientY);
      at = marks.indexOf(found);
      if (found) show(found); else hide();
    }
    chart.addEventListener('pointermove', point);
    chart.addEventListener('pointerdown', point);
    chart.addEventListener('pointerleave', hide);
    chart.addEventListener('blur', hide);
    chart.tabIndex = 0;
    chart.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === 'Escape') hide();
      if (!step || marks.length === 0) return;
      event.preventDefault();
      at = at === -1 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length;
      show(marks[at]);
    });
  }
  window.addEventListener('scroll', hide, { passive: true });
})();
