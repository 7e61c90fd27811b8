// What the door page says when the bureau has not spoken (yet), in one place.
import { isOver } from './store.js';

export const HINT = { result: 'hint', title: '请扫第一个码', words: '也可以打编号，或点下面的名字。' };
export const FORGED = { result: 'forged', title: '不是我们的码', words: '请本人打开“我的预约”再扫。' };
export const CHECKING = { result: 'checking', title: '在查', words: '' };
export const UNKNOWN = { result: 'unknown', title: '名单里没有', words: '可能刚约的，或者是别的场次。记下了，连上网就查。' };
export const GIVEN_BACK = { result: 'not_booked', title: '已取消', words: '这个预约已经取消了。' };
export const NO_SUCH = { result: 'unknown', title: '没有这个编号', words: '名单里没有：可能是别的场次，或者取消了。' };
export const WHICH = { result: 'which', title: '是哪一个', words: '还没签。请问一声名字，再点下面的人。' };
export const NOBODY = { result: 'unknown', title: '没有找到', words: '请换个编号、名字或电话尾号，或者按没预约的记。' };
export const NOT_KEPT = { result: 'not_kept', title: '没记下', words: '这台手机存不下了。请先记在纸上，清出空间再扫。' };
export const NO_CODE = { result: 'no_code', title: '没看到码', words: '请靠近一点再拍一张，或者打编号。' };

export const NOTICES = {
  shut: { kind: 'over', words: '这场没有发布或者取消了，不能签到。' },
  cleared: { kind: '', words: '名单已经从这台手机上删掉。没送到的记录不带名字，送到后也会删。', button: '再读一次名单' },
  noList: { kind: 'over', words: '还没读到名单，现在扫的先记下，连上网再查。', button: '再读一次' },
  forgetful: { kind: 'soon', words: '这个浏览器不留东西（可能是无痕窗口）。断网后别关这一页，关了没送到的就没了。' },
  notSecure: { kind: 'soon', words: '这个网址不是 https，开不了镜头，断网后也打不开这一页。拍照、打编号、点名字都可以用，别关这一页。' },
};

const CAMERA_WORDS = {
  NotAllowedError: '没有允许用镜头。请在浏览器的网站设置里允许，或者拍照、打编号。',
  NotFoundError: '这台设备没有镜头。请拍照或者打编号。',
  NotReadableError: '镜头被别的程序占着。关掉它再点，或者打编号。',
};

export const noCamera = (name) => ({ result: 'no_camera', title: '镜头打不开', words: CAMERA_WORDS[name] ?? '请拍照或者打编号。' });

export function keptWords(list, canReopen) {
  if (!list) return '这台手机上没有名单。';
  if (isOver(list)) return '讲完了，这台手机不再留名单，关掉这一页就没有了。';
  const reopen = canReopen ? '断网时关掉再打开也行。' : '断网时请别关这一页。';
  return `名单留在这台手机上，${reopen}讲完一小时、全部送到后自动删掉。`;
}
