// Short names for the generated shapes of the API; `make api` writes api.gen.d.ts, no shape is written by hand.
import type { components } from './api.gen'

type Shapes = components['schemas']

export type BureauOut = Shapes['BureauOut']
export type LawRef = Shapes['LawOut']
export type LawOut = Shapes['LawTextOut']
export type DateOut = Shapes['DateOut']
export type ScreeningIn = Shapes['ScreeningIn']
export type Place = ScreeningIn['place']
export type PriorStep = ScreeningIn['prior_steps'][number]
export type AgeGroup = ScreeningIn['age_group']
export type WorkerKind = ScreeningIn['worker_kind']
export type Contract = ScreeningIn['contract']
export type ComplaintIn = Shapes['ComplaintIn']
export type ReportIn = Shapes['ReportIn']
export type ReceiptOut = Shapes['ReceiptOut']
export type EvidenceOut = Shapes['EvidenceOut']
export type SignedIn = Shapes['SignedInOut']
export type SmsCodeOut = Shapes['SmsCodeOut']
export type EmployerSuggestion = Shapes['EmployerOut']
export type CaseBrief = Shapes['CaseRowOut']
export type ConsentTemplates = Shapes['ConsentTemplatesOut']
/** One entry of a problem's `errors`; the API document leaves its keys open. */
export interface FieldError { field: string; message: string }
