/* Cards for the project's notebooks in JupyterLab's launcher.

   A prebuilt extension written by hand: JupyterLab loads it as a federated module, hands it the modules that all
   extensions share, and takes the plugin from it. It lists the notebooks that are there, so a notebook of one's own
   has a card as well; names are text. Nothing is fetched but the list. */
(() => {
  const FOLDER = "notebooks";
  const KNOWN = {
    explore: { zh: "动手探索", en: "Explore", sign: ["探", "E"], about: "筛选、透视、SQL、图 / filter, pivot, SQL, charts" },
    unit: { zh: "单位报告", en: "Unit report", sign: ["单", "U"], about: "一家单位的钱花在哪里 / what one organisation spends" },
    year: { zh: "年度报告", en: "Year report", sign: ["年", "Y"], about: "一年中的全部单位 / all organisations in a year" },
    function: { zh: "功能科目报告", en: "Function report", sign: ["类", "F"], about: "一个科目由谁支出 / who spends on a code" },
    compare: { zh: "单位比较", en: "Compare", sign: ["比", "C"], about: "几家单位并排 / organisations side by side" },
    clean: { zh: "读取文件", en: "Read files", sign: ["读", "R"], about: "公布的文件读成数据 / published files into data" },
    validate: { zh: "核对数字", en: "Check figures", sign: ["核", "V"], about: "数字对得上吗 / do the figures hold" },
  };
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
