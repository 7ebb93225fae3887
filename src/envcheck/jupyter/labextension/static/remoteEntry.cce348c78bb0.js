// The page's part of envcheck: a status item, a panel and four commands, for JupyterLab 4 and Notebook 7.
//
// Written by hand, without a build: what JupyterLab wants of a prebuilt extension is a module-federation container,
// an object {init(scope), get(module) -> Promise<factory>}. Everything else comes from the page's own modules.
// A change of this file needs another name for it (its content is in the name): tests/unit/jupyter tells which.
(function () {
  'use strict';

  const NAME = 'envcheck';
  const CATEGORY = 'Environment';
  const LATER = 1500; // milliseconds: with real-time collaboration the server saves about a second after a change

  const STYLE = `
.envcheck-status { background: none; border: 0; margin: 0; padding: 0 6px; height: 100%; min-height: 24px;
  font-family: var(--jp-ui-font-family); font-size: var(--jp-ui-font-size1); color: var(--jp-ui-font-color1);
  cursor: pointer; white-space: nowrap; }
.envcheck-status:hover { background-color: var(--jp-layout-color3); }
.envcheck-status:focus-visible, .envcheck-panel button:focus-visible, .envcheck-scroll:focus-visible {
  outline: 2px solid var(--jp-brand-color1); outline-offset: -2px; }
.envcheck-status::before, .envcheck-summary::before { content: attr(data-mark); font-weight: bold; margin-right: 4px; }
.envcheck-status[data-state='ok']::before, .envcheck-summary[data-state='ok']::before { color: var(--jp-success-color1); }
.envcheck-status[data-state='drifted']::before, .envcheck-summary[data-state='drifted']::before {
  color: var(--jp-error-color1); }
.envcheck-panel { background: var(--jp-layout-color1); color: var(--jp-ui-font-color1); padding: 12px; overflow: auto;
  font-family: var(--jp-ui-font-family); font-size: var(--jp-ui-font-size1); min-width: 280px; }
.envcheck-panel h2 { font-size: var(--jp-ui-font-size2); margin: 0 0 8px; overflow-wrap: anywhere; }
.envcheck-panel p { margin: 0 0 8px; overflow-wrap: anywhere; }
.envcheck-panel .envcheck-faint { color: var(--jp-ui-font-color2); }
.envcheck-panel .envcheck-buttons { display: flex; flex-wrap: wrap; gap: 6px; margin: 0 0 12px; }
.envcheck-panel button { font: inherit; color: var(--jp-ui-font-color1); background: var(--jp-layout-color2);
  border: 1px solid var(--jp-border-color1); border-radius: var(--jp-border-radius); padding: 4px 10px; cursor: pointer; }
.envcheck-panel button:hover { background: var(--jp-layout-color3); }
.envcheck-panel button:disabled { opacity: 0.6; cursor: default; }
.envcheck-scroll { overflow-x: auto; }
.envcheck-panel table { border-collapse: collapse; width: 100%; }
.envcheck-panel caption { text-align: left; color: var(--jp-ui-font-color2); padding-bottom: 4px; }
.envcheck-panel th, .envcheck-panel td { text-align: left; padding: 3px 8px 3px 0; vertical-align: top;
  border-bottom: 1px solid var(--jp-border-color2); overflow-wrap: break-word; }
.envcheck-panel th[scope='row'] { font-weight: normal; }
.envcheck-panel tr.envcheck-drift th[scope='row'] span { font-weight: 600; }
.envcheck-panel tr.envcheck-drift th[scope='row'] span::before { content: '✗ '; color: var(--jp-error-color1); }
`;

  const MARKS = { ok: '✓', drifted: '✗', 'not stamped': '–', unknown: '?' };

  let scope;

  /** The module of the page itself: its tokens are those that other plugins know. */
  async function shared(name) {
    const versions = Object.values((scope && scope[name]) || {});
    const own = versions.find(v => /^@(jupyterlab\/application|jupyter-notebook\/app)/.test(v.from || ''));
    const chosen = own || versions.find(v => v.loaded) || versions[0];
    return chosen ? (await chosen.get())() : {};
  }

  /** The words of the status item. */
  function words(answer) {
    if (answer.state === 'ok') {
      return 'env ok';
    }
    return answer.state === 'drifted' ? `env: ${answer.drifted} drifted` : `env: ${answer.state}`;
  }

  function element(tag, properties, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key.startsWith('aria-') || key.startsWith('data-') || ['role', 'scope', 'tabindex', 'class'].includes(key)) {
        node.setAttribute(key, value);
      } else {
        node[key] = value;
      }
    }
    node.append(...children); // strings become text, never markup: names come from notebooks of strangers
    return node;
  }

  function table(answer) {
    const head = ['distribution', 'stamped', 'here'].map(title => element('th', { scope: 'col' }, title));
    const rows = answer.rows.map(row => {
      const plain = ['as stamped', 'another version'].includes(row.words); // the columns say it
      const said = [plain ? '' : row.words, row.direct ? '' : 'required'];
      const note = element('div', { class: 'envcheck-faint' }, said.filter(Boolean).join(', '));
      return element(
        'tr',
        row.drift ? { class: 'envcheck-drift' } : {},
        element('th', { scope: 'row' }, element('span', {}, row.name), note),
        element('td', {}, row.stamped || '–'),
        element('td', {}, row.here || '–')
      );
    });
    const caption = element('caption', {}, 'What it ran with, and what is here');
    const whole = element('table', {}, caption, element('thead', {}, element('tr', {}, ...head)));
    whole.append(element('tbody', {}, ...rows));
    const label = 'Versions, stamped and installed';
    return element('div', { class: 'envcheck-scroll', tabindex: '0', role: 'region', 'aria-label': label }, whole);
  }

  async function extension() {
    const { INotebookTracker } = await shared('@jupyterlab/notebook');
    const { IStatusBar } = await shared('@jupyterlab/statusbar');
    const { ICommandPalette, Notification, Clipboard } = await shared('@jupyterlab/apputils');
    const { ServerConnection } = await shared('@jupyterlab/services');
    const { URLExt } = await shared('@jupyterlab/coreutils');
    const { Widget } = await shared('@lumino/widgets');

    /** What the server says of a notebook; its own refusals become an answer as well. */
    async function ask(path) {
      const settings = ServerConnection.makeSettings();
      const url = `${URLExt.join(settings.baseUrl, NAME, 'status')}?path=${encodeURIComponent(path)}`;
      const unknown = reason => ({ state: 'unknown', drifted: 0, rows: [], pins: [], reasons: [reason], stamp: null });
      try {
        const response = await ServerConnection.makeRequest(url, {}, settings);
        return response.ok ? await response.json() : unknown(`the server answers ${response.status}`);
      } catch (error) {
        return unknown(`the server does not answer: ${error.message}`);
      }
    }

    /** The state of the current notebook, and all that shows it. */
    class Model {
      constructor(app, tracker) {
        this.app = app;
        this.tracker = tracker;
        this.answer = null;
        this.views = [];
        this.asked = 0;
        tracker.currentChanged.connect((_, panel) => this.follow(panel));
        this.followed = new WeakSet();
        this.follow(tracker.currentWidget);
      }

      get panel() {
        return this.tracker.currentWidget;
      }

      follow(panel) {
        if (panel && !this.followed.has(panel)) {
          this.followed.add(panel);
          panel.context.ready.then(() => this.refresh());
          panel.context.saveState.connect((_, state) => state === 'completed' && this.refresh());
          panel.context.fileChanged.connect(() => this.refresh());
          panel.sessionContext.kernelChanged.connect(() => this.refresh());
        }
        this.refresh();
      }

      later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.refresh(), LATER);
      }

      async refresh() {
        const panel = this.panel;
        const number = ++this.asked;
        const answer = panel ? await ask(panel.context.localPath) : null;
        if (number === this.asked) { // else somebody has asked again, perhaps for another notebook
          this.answer = answer;
          this.views.forEach(view => view.show(answer, panel));
        }
        return answer;
      }

      /** Save, so that the server sees the cells; put its stamp into the model, which keeps outputs trusted; save. */
      async stamp() {
        const panel = this.panel;
        const settled = async () => {
          await panel.context.save();
          if (panel.model.collaborative) {
            await new Promise(resolve => setTimeout(resolve, LATER));
          }
        };
        await settled();
        const answer = await ask(panel.context.localPath);
        if (!answer.stamp) {
          Notification.warning(`Not stamped: ${answer.reasons.join('; ') || answer.state}`);
          return;
        }
        panel.model.setMetadata(NAME, answer.stamp);
        await settled();
        await this.refresh();
        Notification.success(`Stamped with ${Object.keys(answer.stamp.packages || {}).length} imported distributions`, {
          autoClose: 3000
        });
      }

      async copy() {
        const answer = this.answer || (await this.refresh());
        if (!answer || !answer.pins.length) {
          Notification.info('This notebook imports nothing that could be pinned', { autoClose: 3000 });
          return;
        }
        Clipboard.copyToSystem(`${answer.pins.join('\n')}\n`);
        Notification.success(`Copied ${answer.pins.length} pins`, { autoClose: 3000 });
      }
    }

    class Item extends Widget {
      constructor(model, open) {
        super();
        this.addClass('envcheck-item');
        this.button = element('button', { type: 'button', class: 'envcheck-status' });
        this.button.addEventListener('click', open);
        this.spoken = element('span', { role: 'status', 'aria-live': 'polite' }, this.button);
        this.node.append(this.spoken);
        this.hide();
        model.views.push(this);
      }

      show_(answer) {
        const text = words(answer);
        this.button.textContent = text;
        this.button.dataset.state = answer.state;
        this.button.dataset.mark = MARKS[answer.state] || '';
        this.button.title = [answer.environment && `${answer.environment} (${answer.how})`, ...answer.reasons]
          .filter(Boolean)
          .join('\n');
        this.button.setAttribute('aria-label', `Environment of this notebook: ${text}. Show the versions`);
      }

      // Lumino calls show() without arguments to make a widget visible.
      show(answer) {
        if (answer === undefined) {
          super.show();
        } else if (answer === null || answer.state === 'left alone') {
          this.hide();
        } else {
          this.show_(answer);
          super.show();
        }
      }
    }

    class Panel extends Widget {
      constructor(model, commands) {
        super();
        this.id = 'envcheck-panel';
        this.addClass('envcheck-panel');
        this.title.label = 'Environment';
        this.title.caption = 'What this notebook ran with, and what has drifted since';
        this.node.setAttribute('role', 'complementary');
        this.node.setAttribute('aria-label', 'Environment of the notebook');
        this.name = element('h2', {}, 'No notebook');
        this.summary = element('p', { class: 'envcheck-summary', role: 'status' });
        this.where = element('p', { class: 'envcheck-faint' });
        this.reasons = element('div', {});
        this.versions = element('div', {});
        const buttons = [
          ['Stamp', 'envcheck:stamp'],
          ['Verify', 'envcheck:verify'],
          ['Copy pins', 'envcheck:copy-pins']
        ].map(([label, command]) => {
          const button = element('button', { type: 'button' }, label);
          button.addEventListener('click', () => commands.execute(command));
          return button;
        });
        this.buttons = buttons;
        const row = element('div', { class: 'envcheck-buttons', role: 'group', 'aria-label': 'Actions' }, ...buttons);
        this.node.append(this.name, this.summary, this.where, row, this.reasons, this.versions);
        model.views.push(this);
      }

      show(answer, panel) {
        if (answer === undefined) {
          super.show();
          return;
        }
        this.buttons.forEach(button => (button.disabled = !answer));
        this.name.textContent = panel ? panel.title.label : 'No notebook';
        this.summary.textContent = answer ? words(answer) : '';
        this.summary.dataset.state = answer ? answer.state : '';
        this.summary.dataset.mark = (answer && MARKS[answer.state]) || '';
        const python = answer && answer.python ? `Python ${answer.python} in ${answer.environment} (${answer.how})` : '';
        this.where.textContent = python;
        this.reasons.replaceChildren(...(answer ? answer.reasons : []).map(reason => element('p', {}, reason)));
        this.versions.replaceChildren(...(answer && answer.rows.length ? [table(answer)] : []));
      }
    }

    function activate(app, tracker, palette, statusBar) {
      document.head.append(element('style', {}, STYLE));
      const model = new Model(app, tracker);
      const panel = new Panel(model, app.commands);
      app.shell.add(panel, 'right', { rank: 900 });

      const open = () => {
        app.shell.activateById(panel.id);
        panel.buttons[0].focus();
      };
      const isEnabled = () => tracker.currentWidget !== null;
      const commands = {
        'envcheck:stamp': ['Stamp Notebook With Its Environment', () => model.stamp()],
        'envcheck:verify': [
          'Verify the Stamp of This Notebook',
          async () => {
            await model.refresh();
            open();
          }
        ],
        'envcheck:copy-pins': ['Copy Pins of What This Notebook Imports', () => model.copy()]
      };
      for (const [id, [label, execute]] of Object.entries(commands)) {
        app.commands.addCommand(id, { label, execute, isEnabled });
        if (palette) {
          palette.addItem({ command: id, category: CATEGORY });
        }
      }
      tracker.currentChanged.connect(() => Object.keys(commands).forEach(id => app.commands.notifyCommandChanged(id)));

      if (statusBar) {
        statusBar.registerStatusItem('envcheck:status', { align: 'left', rank: 100, item: new Item(model, open) });
      } else {
        // Notebook 7 has no status bar: its one notebook gets the item in the toolbar.
        tracker.widgetAdded.connect((_, notebook) => {
          const item = new Item(model, open);
          if (!notebook.toolbar.insertBefore('spacer', 'envcheck', item)) {
            notebook.toolbar.addItem('envcheck', item);
          }
        });
      }
      window.addEventListener('focus', () => model.later()); // something may have been installed meanwhile
      model.refresh();
    }

    const optional = [ICommandPalette, IStatusBar];
    const plugin = {
      id: 'envcheck:status',
      description: 'Tells whether the environment is still the one that a notebook was stamped with',
      autoStart: true,
      requires: [INotebookTracker],
      optional: optional.filter(Boolean),
      activate: (app, tracker, ...found) => {
        const given = optional.map(token => (token ? found.shift() : null));
        activate(app, tracker, ...given);
      }
    };
    return { __esModule: true, default: plugin };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: given => {
      scope = given;
    },
    get: async module => {
      if (module !== './extension') {
        throw new Error(`envcheck has no module ${module}`);
      }
      const found = await extension();
      return () => found;
    }
  };
})();
