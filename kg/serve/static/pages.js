// What pages do beside being read: suggestions, filters, copying, and highlights in texts.
'use strict';
(() => {
  const words = () => document.documentElement.dataset;

  // Suggestions under a search box (the combobox pattern of the ARIA practices). Input methods compose: wait for them.
  let boxes = 0;
  function suggest(input) {
    const list = document.createElement('ul');
    list.className = 'suggestions';
    list.id = `suggestions-${(boxes += 1)}`;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.getAttribute('aria-label'));
    list.hidden = true;
    input.parentElement.append(list);
    for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', list.id], ['autocomplete', 'off']]) input.setAttribute(name, value);
    let asked = 0;
    let chosen = -1;
    const show = (open) => {
      list.hidden = !open;
      input.setAttribute('aria-expanded', String(open));
      if (!open) choose(-1);
    };
    const choose = (place) => {
      chosen = place;
      [...list.children].forEach((each, i) => each.setAttribute('aria-selected', String(i === place)));
      if (place < 0) input.removeAttribute('aria-activedescendant');
      else input.setAttribute('aria-activedescendant', list.children[place].id);
    };
    const ask = async () => {
      const text = input.value.trim();
      const turn = (asked += 1);
      if (!text) return show(false);
      let hits = [];
      try {
        const answer = await fetch(`/search?q=${encodeURIComponent(text)}`, { headers: { Accept: 'application/json' } });
        hits = answer.ok ? (await answer.json()).results.slice(0, 8) : [];
      } catch {
        hits = []; // the server has gone: searching will say so
      }
      if (turn !== asked || document.activeElement !== input) return;
      list.replaceChildren(...hits.map((hit, i) => {
        const item = document.createElement('li');
        item.id = `${list.id}-${i}`;
        item.setAttribute('role', 'option');
        item.dataset.href = hit.path;
        const name = document.createElement('bdi');
        name.textContent = hit.by ? `${hit.label}（${hit.by}）` : hit.label;
        const kind = document.createElement('small');
        kind.textContent = hit.type;
        item.append(name, kind);
        return item;
      }));
      choose(-1);
      show(hits.length > 0);
    };
    let pause = 0;
    input.addEventListener('input', (event) => {
      if (event.isComposing) return;
      clearTimeout(pause);
      pause = setTimeout(ask, 120);
    });
    input.addEventListener('compositionend', ask);
    input.addEventListener('keydown', (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      const n = list.children.length;
      if (event.key === 'Escape' && !list.hidden) {
        event.preventDefault();
        show(false);
      } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && n) {
        event.preventDefault();
        show(true);
        choose((chosen + (event.key === 'ArrowDown' ? 1 : chosen < 0 ? n : n - 1)) % n);
      } else if (event.key === 'Enter' && chosen >= 0 && !list.hidden) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.href);
      }
    });
    list.addEventListener('mousedown', (event) => {
      const item = event.target.closest('li');
      event.preventDefault();
      if (item) location.assign(item.dataset.href);
    });
    input.addEventListener('blur', () => show(false));
  }

  // Facts by modality and by words.
  function filter(box) {
    const text = box.querySelector('[type=search]');
    const boxesOf = [...box.querySelectorAll('[type=checkbox]')];
    const facts = [...document.querySelectorAll('.facts .fact')];
    const present = new Set(facts.map((fact) => fact.dataset.modality));
    boxesOf.forEach((each) => (each.parentElement.hidden = !present.has(each.value)));
    box.hidden = facts.length < 2;
    const apply = () => {
      const wanted = text.value.trim().toLowerCase();
      const on = new Set(boxesOf.filter((each) => each.checked).map((each) => each.value));
      for (const fact of facts) {
        const group = fact.closest('.group');
        const said = `${group ? group.querySelector('h2').textContent : ''} ${fact.textContent}`.toLowerCase();
        fact.hidden = !on.has(fact.dataset.modality) || (wanted !== '' && !said.includes(wanted));
      }
      document.querySelectorAll('.facts .group').forEach((group) => (group.hidden = !group.querySelector('.fact:not([hidden])')));
      document.querySelector('[data-none]').hidden = facts.some((fact) => !fact.hidden);
    };
    box.addEventListener('input', (event) => event.isComposing || apply());
    box.addEventListener('compositionend', apply);
  }

  // A network in a frame is light or dark as this page is.
  function dress(frame) {
    const inside = frame.contentDocument && frame.contentDocument.documentElement;
    if (inside && inside.dataset.theme && inside.dataset.theme !== document.documentElement.dataset.theme) {
      frame.contentDocument.getElementById('theme').click();
    }
  }

  async function copy(button) {
    const from = button.dataset.copy;
    const text = from ? await (await fetch(from)).text() : button.closest('.copy').querySelector('pre').textContent;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = words().copied;
      setTimeout(() => (button.textContent = before), 1500);
    } catch {
      const pre = button.closest('.copy').querySelector('pre') || button.closest('.copy').appendChild(document.createElement('pre'));
      pre.textContent = text;
      getSelection().selectAllChildren(pre); // the browser does not allow it: the reader may copy by hand
    }
  }

  // In a text: what a mention is, and which words state a fact.
  function text(root) {
    const tip = document.createElement('div');
    tip.className = 'tip';
    tip.id = 'tip';
    tip.setAttribute('role', 'tooltip');
    tip.hidden = true;
    document.body.append(tip);
    const show = (link) => {
      tip.textContent = link.dataset.tip;
      tip.hidden = false;
      const box = link.getBoundingClientRect();
      tip.style.left = `${Math.max(4, Math.min(box.left, innerWidth - tip.offsetWidth - 8)) + scrollX}px`;
      tip.style.top = `${box.top + scrollY - tip.offsetHeight - 4}px`;
      link.setAttribute('aria-describedby', 'tip');
    };
    const hide = (link) => {
      tip.hidden = true;
      link.removeAttribute('aria-describedby');
    };
    const light = (numbers, on) => {
      for (const number of numbers) document.querySelectorAll(`[data-f~="${CSS.escape(number)}"]`).forEach((each) => each.classList.toggle('on', on));
    };
    for (const [starts, on] of [['mouseover', true], ['focusin', true], ['mouseout', false], ['focusout', false]]) {
      document.addEventListener(starts, (event) => {
        const link = event.target.closest && event.target.closest('.text [data-tip]');
        if (link) (on ? show : hide)(link);
        const fact = event.target.closest && event.target.closest('[data-f]');
        if (fact) light(fact.dataset.f.split(' '), on);
      });
    }
    document.addEventListener('keydown', (event) => event.key === 'Escape' && (tip.hidden = true));
    root.dataset.ready = 'true';
  }

  addEventListener('DOMContentLoaded', () => {
    document.querySelectorAll('form[role=search] input[name=q]').forEach(suggest);
    document.querySelectorAll('[data-filters]').forEach(filter);
    document.querySelectorAll('.text').forEach(text);
    document.querySelectorAll('iframe.around').forEach((frame) => {
      frame.addEventListener('load', () => dress(frame));
      addEventListener('themechange', () => dress(frame));
    });
    document.addEventListener('click', (event) => {
      const button = event.target.closest('[data-copy]');
      if (button) copy(button);
    });
    document.documentElement.dataset.pages = 'ready';
  });
})();
