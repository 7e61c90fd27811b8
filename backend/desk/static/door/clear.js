// On the sign-in page: whoever left the desk, or whose session ended, leaves no list on the phone.
import { dropNames, dropPages, openStore } from './store.js';

const store = await openStore();
for (const list of await store.all('lists')) await dropNames(store, list.lecture);
await dropPages();
document.documentElement.dataset.doorCleared = 'yes';
