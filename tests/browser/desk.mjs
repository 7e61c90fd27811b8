// A case at the desk in Chromium; prints one line of JSON: pages seen, faults, steps done.
import { createRequire } from 'node:module';

const { BASE, CHROMIUM, PACKAGES, PASSWORD } = process.env;
const require = createRequire(PACKAGES);
const { chromium } = require('playwright-core');
const Axe = require('@axe-core/playwright').default;

const report = { pages: 0, faults: [], sideways: [], refused: [], done: [] };
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
});

// What the policy refused to our own pages; axe's own probes come after and do not count.
const watch = () => {
  window.refused = [];
  addEventListener('securitypolicyviolation', (event) => window.refused.push(event.violatedDirective));
};

async function signedIn(username) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(`${BASE}/desk/sign-in?next=/desk/`);
  await page.fill('#username', username);
  await page.fill('#password', PASSWORD);
  await page.click('button.pri');
  await page.waitForURL(`${BASE}/desk/`);
  return page;
}

async function check(page) {
  report.pages += 1;
  const where = page.url().replace(BASE, '').replace(/cases\/\w+/, 'cases/…');
  for (const directive of await page.evaluate(() => window.refused)) report.refused.push(`${where} ${directive}`);
  for (const [width, height] of [[1280, 720], [1440, 900]]) {
    await page.setViewportSize({ width, height });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) report.sideways.push(`${where} at ${width}: ${over}`);
  }
  const { violations } = await new Axe({ page }).analyze();
  for (const { impact, id, nodes } of violations) {
    if (impact === 'serious' || impact === 'critical') report.faults.push(`${where} ${id} ${nodes[0].html}`);
  }
}

async function submit(page, url) {
  await Promise.all([page.waitForURL(url), page.click('#step-form .btn.pri')]);
}

// The clerk writes down what somebody says: first with mistakes, then right.
const clerk = await signedIn('clerk');
await check(clerk);
await clerk.goto(`${BASE}/desk/file-for`);
await check(clerk);
await clerk.fill('[name="claimant.name"]', '陈国明');
await Promise.all([clerk.waitForLoadState('load'), clerk.click('#step-form .btn.pri')]);
await clerk.waitForSelector('#sum');
await check(clerk);
const said = {
  'spoken_by': '本人', 'claimant.phone': '138 0000 0099', 'claimant.service_address': '示例路 9 号',
  'employer.name': '示例建筑劳务有限公司', 'work.from_on': '2026-01-05', 'work.to_on': '2026-08-31',
  'work.place': '示例工地', 'claims.0.month': '2026-07', 'claims.0.due_fen': '9000',
  'claims.1.month': '2026-08', 'claims.1.due_fen': '9000', 'request': '付清工资', 'facts': '没有发工资',
};
for (const [name, value] of Object.entries(said)) await clerk.fill(`[name="${name}"]`, value);
for (const [name, value] of [['age_group', '18_59'], ['worker_kind', 'employee'], ['contract', 'none']]) {
  await clerk.selectOption(`[name="screening.${name}"]`, value);
}
await clerk.click('#step-form .btn.pri');
await clerk.waitForSelector('.code');
report.done.push('filed');
await check(clerk);
for (const path of ['/desk/file-for?lane=report', '/desk/calls', '/desk/appointments', '/desk/help', '/desk/none']) {
  await clerk.goto(BASE + path);
  await check(clerk);
}

// The inspector confirms while a colleague's page is open; the colleague comes second.
const inspector = await signedIn('inspector');
await check(inspector);
const address = BASE + (await inspector.getAttribute('tr.r', 'data-href'));
const second = await signedIn('second');
await second.goto(`${address}?step=request_correction`);
await inspector.goto(`${address}?step=confirm`);
await check(inspector);
await inspector.selectOption('#f-way', 'visit');
await inspector.fill('#f-id_number', '11010519491231002X');
await submit(inspector, /done=confirm/);
report.done.push('confirmed');
await second.fill('#f-items', '工资条');
await second.click('#step-form .btn.pri');
await second.waitForSelector('text=何志远 不到 1 分钟前改了这件案');
await check(second);
await second.click('button[value=again]');
await second.waitForSelector('text=请照案件现在的样子再核对一遍');
if ((await second.inputValue('#f-items')) === '工资条') report.done.push('second');

// Preview swaps the panel alone; then the request goes to the unit head.
await inspector.goto(`${address}?step=accept`);
await inspector.selectOption('#f-second_officer_id', { index: 2 });
await inspector.evaluate(() => { window.isSamePage = true; });
await inspector.click('button[value=preview]');
await inspector.waitForSelector('#panel .say:not(.blank)');
if (await inspector.evaluate(() => window.isSamePage)) report.done.push('previewed');
await check(inspector);
await submit(inspector, /done=accept/);
report.done.push('asked');
const head = await signedIn('head');
await head.goto(`${BASE}/desk/approvals`);
await check(head);
await head.click('tr.r a');
await head.waitForSelector('text=批准后立即发生');
await check(head);
await Promise.all([head.waitForURL(/done=approved/), head.click('button[value=approve]')]);
report.done.push('approved');

// The keyboard: first row, open it, the sheet of keys, back to the list.
await inspector.goto(`${BASE}/desk/`);
await inspector.keyboard.press('j');
await Promise.all([inspector.waitForURL(/cases/), inspector.keyboard.press('Enter')]);
await inspector.keyboard.press('?');
await inspector.waitForSelector('dialog[open]');
await check(inspector);
await inspector.keyboard.press('Escape');
await inspector.keyboard.press('/');
await inspector.keyboard.type('?');
const isTyped = (await inspector.inputValue('#seek')) === '?';
await inspector.keyboard.press('Escape');
await inspector.keyboard.press('g');
await Promise.all([inspector.waitForURL(`${BASE}/desk/`), inspector.keyboard.press('t')]);
if (isTyped) report.done.push('keys');

await browser.close();
console.log(JSON.stringify(report));
