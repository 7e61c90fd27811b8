// The desk's shortcuts and small comforts; every page works whole without this file.
'use strict';
(() => {
  const SWITCH = 'desk.single-keys';
  const page = document;
  const find = (selector) => page.querySelector(selector);
  page.documentElement.classList.add('has-js');

  const isTyping = (event) =>
    event.isComposing || event.keyCode === 229 || event.target.closest('input, textarea, select, [contenteditable]');
  const areSingleKeysOn = () => {
    try { return localStorage.getItem(SWITCH) !== 'off'; } catch { return true; }
  };
  const go = (path) => { window.location.assign(path); };
  const focusOn = (selector) => {
    const element = find(selector);
    if (element) { element.focus(); element.scrollIntoView({ block: 'nearest' }); }
  };

  const rows = () => [...page.querySelectorAll('tr.r')];
  const moveRow = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains('cur'));
    const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
    all.forEach((row) => row.classList.toggle('cur', row === next));
    const link = next.querySelector('a');
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  };
  const openRow = () => {
    const row = find('tr.r.cur');
    if (row) go(row.dataset.href);
  };
  const chooseStep = (number) => {
    const step = page.querySelectorAll('[data-step]')[number - 1];
    if (step) step.click();
  };

  const dialog = find('#keys');
  const toggleKeys = () => {
    if (!dialog) return;
    if (dialog.open) dialog.close(); else dialog.showModal();
  };

  const singles = {
    '?': toggleKeys,
    '/': () => focusOn('#seek'),
    n: () => { if (find('a[href="/desk/file-for"]')) go('/desk/file-for'); },
    j: () => moveRow(1),
    k: () => moveRow(-1),
    f: () => focusOn('#filter select'),
    a: () => focusOn('#panel .fld input, #panel .fld textarea, #panel .fld select, #panel .btn'),
    m: () => focusOn('#f-text'),
    e: () => focusOn('#evidence'),
  };
  let isAfterG = false;

  page.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      const form = event.target.closest('form[method="post"]') || find('#step-form');
      const button = form && (form.querySelector('.btn.pri') || form.querySelector('button'));
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    const file = find('#print-file');
    if (file && event.key.toLowerCase() === 'p' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault();
      go(file.href);
      return;
    }
    if (event.key === 'Escape' && isTyping(event) && !event.isComposing) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !areSingleKeysOn()) return;
    if (dialog && dialog.open && event.key !== '?') return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (isAfterG) {
      isAfterG = false;
      if (key === 't') go('/desk/');
      return;
    }
    if (key === 'g') { isAfterG = true; return; }
    if (/^[1-9]$/.test(key)) { chooseStep(Number(key)); return; }
    if (key === 'Enter' && !event.target.closest('a, button, summary')) { openRow(); return; }
    if (singles[key]) { event.preventDefault(); singles[key](); }
  });

  const box = find('#single-keys');
  if (box) {
    box.checked = areSingleKeysOn();
    box.addEventListener('change', () => {
      try { localStorage.setItem(SWITCH, box.checked ? 'on' : 'off'); } catch { /* private window */ }
    });
  }
  const close = find('#keys-close');
  if (close) close.addEventListener('click', () => dialog.close());
  const print = find('#print');
  if (print) print.addEventListener('click', () => window.print());
  // Each time a receipt goes to the printer is a line in its case's record.
  const printed = find('#printed');
  const note = async () => {
    try {
      const answer = await fetch(printed.action, { method: 'POST', body: new FormData(printed), keepalive: true });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      find('#not-noted').hidden = false;
    }
  };
  if (printed) window.addEventListener('beforeprint', note);

  // A row opens by a click anywhere on it; its link stays the one for keyboard and screen reader.
  page.addEventListener('click', (event) => {
    const row = event.target.closest('tr.r');
    if (row && !event.target.closest('a, button, form, input, select')) go(row.dataset.href);
  });
  // After an error the summary is read first.
  const summary = find('#sum');
  if (summary) summary.focus();
  page.addEventListener('htmx:afterSwap', () => {
    const inPanel = find('#panel #sum, #panel .say');
    if (inPanel) inPanel.scrollIntoView({ block: 'nearest' });
  });
})();
