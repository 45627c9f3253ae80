/* Cards for the project's notebooks in JupyterLab's launcher.

   A prebuilt extension written by hand: JupyterLab loads it as a federated module, hands it the modules that all
   extensions share, and takes the plugin from it. What the project's notebooks are called comes with the page, from the
   registry of reports (`exploring/lab.py`). It lists the notebooks that are there, so a notebook of one's own has a
   card as well; names are text. Nothing is fetched but the list. */
(() => {
  const FOLDER = "notebooks";
  // In the page's configuration every value is text.
  const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  const CARDS = JSON.parse(config.budgetWorkbenchCards || "[]");
  const KNOWN = Object.fromEntries(CARDS.map(card => [card.notebook, { ...card, sign: [card.sign_zh, card.sign_en] }]));
  const OWN = { sign: ["自", "O"], about: "自己的笔记本 / a notebook of your own" };
  const LOOK = new URL("look.css", document.currentScript.src).href;
  let shared;

  const shares = async name => (await Object.values(shared[name])[0].get())();

  const icon = sign => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32">
    <rect x="2" y="2" width="28" height="28" rx="6" fill="#2f6ca8"/>
    <text x="16" y="22" text-anchor="middle" font-size="16" font-family="sans-serif" fill="#fff">${sign}</text></svg>`;

  async function extension() {
    const { ILauncher } = await shares("@jupyterlab/launcher");
    const { ITranslator } = await shares("@jupyterlab/translation");
    const { LabIcon } = await shares("@jupyterlab/ui-components");

    function activate(app, launcher, translator) {
      const chinese = translator.languageCode.startsWith("zh");
      const contents = app.serviceManager.contents;
      const iconOf = known => new LabIcon({
        name: `budget-workbench:${known.sign[1]}`, svgstr: icon(known.sign[chinese ? 0 : 1]),
      });
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: LOOK }));
      const open = path => app.commands.execute("docmanager:open", { path });

      app.commands.addCommand("budget-workbench:open", {
        label: args => args.title || "",
        caption: args => args.about || "",
        icon: args => iconOf(KNOWN[args.name] || OWN),
        execute: args => open(args.path),
      });
      app.commands.addCommand("budget-workbench:own", {
        label: chinese ? "新建自己的报告" : "New report of my own",
        caption: "复制单位报告，改成自己的 / copy the unit report and make it your own",
        icon: iconOf({ sign: ["＋", "+"] }),
        execute: async () => open((await contents.copy(`${FOLDER}/unit.ipynb`, FOLDER)).path),
      });
      // Without waiting: JupyterLab does not start before its extensions have.
      void deal(contents, launcher, chinese);
      void app.restored.then(() => beside(app));
    }

    async function deal(contents, launcher, chinese) {
      const category = chinese ? "预算工作台" : "Budget Workbench";
      const order = Object.keys(KNOWN);
      const listed = await contents.get(FOLDER);
      const names = listed.content.filter(one => one.type === "notebook").map(one => one.name.replace(/\.ipynb$/, ""));
      for (const name of names.sort()) {
        const known = KNOWN[name];
        const title = known ? known[chinese ? "zh" : "en"] : name;
        launcher.add({
          command: "budget-workbench:open",
          args: { name, title, path: `${FOLDER}/${name}.ipynb`, about: (known || OWN).about },
          category,
          rank: known ? order.indexOf(name) : order.length,
        });
      }
      if (names.includes("unit"))
        launcher.add({ command: "budget-workbench:own", category, rank: order.length + 1 });
    }

    // The launcher stands in a tab beside the notebook that is opened first.
    function beside(app) {
      if (![...app.shell.widgets("main")].some(widget => widget.id.startsWith("launcher")))
        void app.commands.execute("launcher:create", { activate: false });
    }

    return {
      __esModule: true,
      default: { id: "budget-workbench:cards", autoStart: true, requires: [ILauncher, ITranslator], activate },
    };
  }

  (window._JUPYTERLAB ||= {})["budget-workbench"] = {
    init: scope => { shared = scope; },
    get: async () => { const made = await extension(); return () => made; },
  };
})();
