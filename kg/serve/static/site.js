// Light or dark: what the reader chose before, else what the system prefers.
'use strict';
(() => {
  const root = document.documentElement;
  let chosen = '';
  try {
    chosen = localStorage.getItem('theme') || '';
  } catch {
    chosen = ''; // storage may be switched off
  }
  root.dataset.theme = chosen || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  addEventListener('DOMContentLoaded', () => {
    // On a narrow screen the row of places is wider than the screen.
    document.querySelector('.top nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    document.getElementById('theme').addEventListener('click', () => {
      root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
      try {
        localStorage.setItem('theme', root.dataset.theme);
      } catch {
        // it holds for this page alone
      }
      dispatchEvent(new Event('themechange'));
    });
  });
})();
