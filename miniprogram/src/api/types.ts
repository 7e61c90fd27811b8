// Shapes of the API used by the pages; replaced by api.gen.d.ts as soon as the backend's openapi.json is committed.

export interface LawRef { key: string; law: string; article: string }

export interface DateOut {
  key: string
  title: string
  due_on: string
  is_provisional: boolean
  is_passed: boolean
  law: LawRef | null
  sentence: string
}

export interface Hotline { label: string; phone: string; note: string }
export interface Office { name: string; address?: string | null; phone?: string | null; hours?: string | null }
export interface OtherDistrict { code: string; name: string; bureau_name: string; address?: string | null; phone?: string | null }

export interface BureauOut {
  name: string
  short_name: string
  region: { code: string; name: string }
  is_demo: boolean
  today: string
  hotlines: Hotline[]
  offices: Office[]
  other_districts: OtherDistrict[]
  streets: string[]
  office_hours: { opens: string; closes: string }[]
  privacy: { version: string; title: string; sections: { title: string; text: string }[] }
  evidence: { max_files: number; max_bytes: number; chunk_bytes: number }
  draft_days: number
  if_filed_today?: { accept: DateOut; report: DateOut }
}

export interface LawOut extends LawRef { gist: string; text: string | null; state: 'verified' | 'unverified' }

export type Place = 'here' | 'elsewhere' | 'unsure'
export type PriorStep = 'arbitration' | 'court' | 'payment_order'
export type AgeGroup = 'under_16' | '16_17' | '18_59' | '60_plus'
export type WorkerKind = 'employee' | 'platform' | 'student' | 'household' | 'unsure'
export type Contract = 'written' | 'oral' | 'none' | 'unsure'

export interface ScreeningIn {
  place: Place
  other_district: string | null
  prior_steps: PriorStep[]
  age_group: AgeGroup
  worker_kind: WorkerKind
  contract: Contract
  is_still_working: boolean
}

export interface ComplaintIn {
  privacy_version: string
  screening: ScreeningIn
  claimant: { name: string; phone: string; service_address: string }
  employer: {
    employer_id: number | null
    name: string | null
    is_name_unknown: boolean
    address: string | null
    phone: string | null
    contact: string | null
  }
  work: { from_on: string; to_on: string | null; post: string | null; street: string | null; place: string }
  claims: { month: string; due_fen: number; paid_fen: number }[]
  request: string
  facts: string
}

export interface ReportIn {
  privacy_version: string
  is_anonymous: boolean
  reporter: { name: string; phone: string; wants_reply: boolean } | null
  employer: { name: string | null; is_name_unknown: boolean; address: string | null }
  place: string
  street: string | null
  what: string
  people_count: number | null
  happened_from: string | null
}

export interface ReceiptOut {
  id: string
  number: string
  lane: 'complaint' | 'report'
  filed_at: string
  received_on: string
  receipt_code: string
  digest: string
  is_phone_verified: boolean
  owed_fen: number
  next: DateOut
  what_next: string[]
  advice: string[]
  case_token: string | null
  evidence_allowed: number
}

export interface EvidenceOut {
  id: string
  name: string
  size: number
  received_bytes: number
  status: 'uploading' | 'sealed' | 'refused'
  kind: 'image' | 'pdf' | 'audio' | 'video' | 'office' | null
  sha256: string
  reason: string | null
  received_at: string | null
  view_url: string | null
}

export interface SignedIn {
  token: string
  expires_at: string
  worker: { phone_masked: string | null; is_phone_verified: boolean }
}

export interface SmsCodeOut { expires_in_s: number; resend_after_s: number; demo_code?: string | null }

export interface EmployerSuggestion { id: number; name: string; street: string | null }

export interface CaseBrief {
  id: string
  number: string
  lane: 'complaint' | 'report'
  state: string
  state_label: string
  headline: string
  filed_at: string
  is_final: boolean
  next: DateOut | null
  unread: number
}

export interface FieldError { field: string; message: string }
