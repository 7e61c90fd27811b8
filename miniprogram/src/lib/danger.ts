// Words of danger, heard on the phone itself: what is not sent yet has no answer, and calling needs no data.

export interface Help { label: string; phone: string }

const RESCUE: Help = { label: '急救', phone: '120' }
const POLICE: Help = { label: '报警', phone: '110' }

const OVER = /去年|前年|上个?月|住院|出院|手术|鉴定|工伤|赔|死亡|去世/
const HURT = /流血|出血|止不住|昏|晕倒|触电|不动了|没气|没呼吸|叫不醒|埋在|埋住|压在|压住|夹住|绞进|卷进|掉下来|摔下来|着火|起火|爆炸|煤气|中毒|救命|救人/
const OWN_LIFE = /不想活|想死|去死|自杀|轻生|跳楼|跳桥|跳江|跳河|跳下去|割脉|割腕|上吊|遗书|喝农药|敌敌畏|百草枯|安眠药|天台|活够|唔想生|死给|死在/
const FIGHT = /砍|捅|杀了|杀他|打死|弄死|拿刀|带刀|同归于尽|烧了|一把火|放火|汽油|打我|打人|绑起来|关起来/

/** Whom to call for what was typed; nobody where it does not sound of danger. */
export function helpFor(text: string): Help[] {
  if (OWN_LIFE.test(text)) return [RESCUE, POLICE]
  if (HURT.test(text) && !OVER.test(text)) return [RESCUE, POLICE]
  return FIGHT.test(text) && !OVER.test(text) ? [POLICE, RESCUE] : []
}
