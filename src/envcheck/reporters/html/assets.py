"""Style and script of the page, and the policy that lets nothing else take effect."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--panel:#f5f6f8;--line:#d0d7de;--link:#0757b5;
--error:#b3141d;--warning:#855600;--note:#3d5a99;--good:#1a6b34}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#a3abb5;--paper:#15181d;--panel:#1f242b;--line:#3b434d;
--link:#82b6ff;--error:#ff8a85;--warning:#e8b84b;--note:#a3bffa;--good:#6fd08c}}
*{box-sizing:border-box}
body{margin:0;padding:0 1rem 2rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;
overflow-wrap:anywhere}
header,main,footer{max-width:72rem;margin:0 auto}
h1{font-size:1.6rem;margin:1rem 0 .2rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;margin:1.6rem 0 .4rem}h4{font-size:.95rem;margin:1rem 0 .3rem}
h3 a,h4 a{color:inherit}a{color:var(--link)}
code,table,h3,h4{font-family:ui-monospace,"DejaVu Sans Mono",monospace}code{font-size:.92em}
ul{padding-left:1.2rem}footer,.where,.legend{color:var(--soft);font-size:.9rem}footer{margin-top:3rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.3rem 0}
.badge{border:1px solid currentColor;border-radius:.9rem;padding:0 .6rem;font-size:.9rem}
.error{--tone:var(--error)}.warning{--tone:var(--warning)}.note{--tone:var(--note)}.good{--tone:var(--good)}
.badge{color:var(--tone)}
.wide{overflow-x:auto;max-width:100%;border:1px solid var(--line);border-radius:.4rem}
table{border-collapse:collapse;font-size:.85rem;overflow-wrap:normal}
th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
tbody tr:last-child>*{border-bottom:0}thead th{background:var(--panel)}
th[scope=row]{font-weight:600;white-space:nowrap}
.matrix thead th{vertical-align:bottom;padding:.4rem .2rem}
.matrix thead span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;max-height:12rem;
overflow:hidden}
.matrix td{text-align:center;padding:.2rem}
.matrix th[scope=row]{position:sticky;left:0;background:var(--paper);font-weight:400}
.mark{display:inline-block;min-width:1.7rem;padding:.1rem 0;border:1px solid var(--tone);border-radius:.3rem;
color:var(--tone);text-align:center;text-decoration:none}
.mark.here{background:var(--tone);color:var(--paper);font-weight:700}
.filters{display:flex;flex-wrap:wrap;gap:.5rem 1.2rem;align-items:center;padding:.6rem .8rem;background:var(--panel);
border:1px solid var(--line);border-radius:.4rem}.filters[hidden]{display:none}
.filters fieldset{display:flex;flex-wrap:wrap;gap:.2rem 1rem;border:0;margin:0;padding:0;min-width:0}
.filters legend{float:left;padding:0}
.filters select,.filters input[type=search]{font:inherit;max-width:100%;min-height:2rem}
.filters input[type=checkbox]{width:1.1rem;height:1.1rem;vertical-align:-.15rem}
.findings{list-style:none;padding:0;margin:.3rem 0}
.finding{border-left:.3rem solid var(--tone);background:var(--panel);padding:.4rem .8rem;margin:.5rem 0;
border-radius:.3rem}
.finding p{margin:.2rem 0}.where{margin-left:.6rem}.fix code{color:var(--good)}
.finding:target,h3:target,h4:target{outline:.15rem solid var(--link)}
:focus-visible{outline:.18rem solid var(--link);outline-offset:.1rem}
@media (max-width:30rem){.matrix th[scope=row]{min-width:9rem;max-width:9rem;white-space:normal;overflow-wrap:anywhere}
.where{display:block;margin-left:0}}
@media print{.filters,.skip{display:none}}
"""

SCRIPT = """
'use strict';
(() => {
  const form = document.getElementById('filters');
  if (!form) return;
  const shown = document.getElementById('shown');
  const findings = [...document.querySelectorAll('.finding')];
  const groups = [...document.querySelectorAll('.file')];
  const hasShown = part => part.querySelector('.finding:not([hidden])') !== null;
  const apply = () => {
    const severities = new Set([...form.querySelectorAll('input[name=severity]:checked')].map(box => box.value));
    const rule = form.elements.rule.value;
    const words = form.elements.text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    for (const finding of findings) {
      const path = finding.closest('.file').querySelector('h3').textContent;
      const text = (path + ' ' + finding.textContent).toLowerCase();
      finding.hidden = !(severities.has(finding.dataset.severity) && (!rule || rule === finding.dataset.rule) &&
        words.every(word => text.includes(word)));
    }
    for (const file of groups) {
      file.hidden = !hasShown(file);
      for (const list of file.querySelectorAll('.findings')) {
        list.hidden = !hasShown(list);
        const title = list.previousElementSibling;
        if (title && title.localName === 'h4') title.hidden = list.hidden;
      }
    }
    const count = findings.filter(finding => !finding.hidden).length;
    shown.textContent = count + ' of ' + findings.length + ' findings';
  };
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest('[hidden]')) {
      form.reset();
      apply();
      target.scrollIntoView();
    }
  };
  form.hidden = false;
  form.addEventListener('input', apply);
  form.addEventListener('submit', event => event.preventDefault());
  window.addEventListener('hashchange', reveal);
})();
"""


def policy() -> str:
    """Return the content security policy: this style and this script, and nothing from anywhere."""
    return (
        f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"
