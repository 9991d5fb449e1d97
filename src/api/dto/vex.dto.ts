import { ID, Int } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type {
  FindingVex,
  RejectedStatement,
  StoredVexDocument,
  VexEffect,
  VexFormat,
  VexImport,
  VexJustification,
  VexOutcome,
  VexProduct,
  VexStatement,
  VexStatus,
} from '../../model/vex.js';
import { VexFormats, VexJustifications, VexOutcomes, VexStatuses } from './enumerations.js';
import { PageOf } from './page.dto.js';
import { Property, Shape } from './property.js';

/** Products of a statement, and names of one product, that are answered. */
const MAX_SHOWN = 100;

@Shape('FindingVex', 'The statement that counts for a finding, and whose it is.')
export class FindingVexDto {
  @Property(VexStatuses, { description: '`not_affected` and `fixed` suppress the finding.' })
  status: VexStatus;

  @Property(VexJustifications, { description: 'Why it is not affected.', nullable: true })
  justification: VexJustification | null;

  @Property(String, { description: 'What its author adds.', nullable: true })
  detail: string | null;

  @Property(ID, { description: 'Of the document here, as /v1/vex has it.' })
  documentId: string;

  @Property(String, { description: 'What the document calls itself.', nullable: true })
  document: string | null;

  @Property(String, { description: 'Of the document.', nullable: true, example: 'Wolfi J. Inkinson' })
  author: string | null;

  @Property(Date, { description: 'Of the statement; the newest counts.', nullable: true })
  time: Date | null;

  static of({ status, justification, detail, documentId, document, author, time }: FindingVex): FindingVexDto {
    const dto = { status, justification, detail, documentId, document, author, time };
    return Object.assign(new FindingVexDto(), dto);
  }
}

@Shape('RejectedVexStatement', 'A statement that could not be read.')
export class RejectedVexStatementDto {
  @Property(String, { description: 'Where in the document.', example: 'statements.3' })
  entry: string;

  @Property(String, { description: 'Why.' })
  reason: string;

  static of({ entry, reason }: RejectedStatement): RejectedVexStatementDto {
    return Object.assign(new RejectedVexStatementDto(), { entry, reason });
  }
}

@Shape('VexDocument', 'A document of statements about vulnerabilities.')
export class VexDocumentDto {
  @Property(ID, { description: 'UUIDv7: ids sort by age. A later version of the document keeps it.' })
  id: string;

  @Property(VexFormats, { description: 'What it is written in.' })
  format: VexFormat;

  @Property(String, { description: 'What it calls itself.', nullable: true })
  documentId: string | null;

  @Property(String, { description: 'Who wrote it.', nullable: true })
  author: string | null;

  @Property(Date, { description: 'Of its last change, by its own word.', nullable: true })
  time: Date | null;

  @Property(String, { description: 'Of its JSON without white space.', example: 'sha256:9f86…' })
  digest: string;

  @Property(Int, { description: 'How many statements could be read.' })
  statementCount: number;

  @Property(Int, { description: 'How many could not.' })
  rejectedCount: number;

  @Property([RejectedVexStatementDto], { description: 'The first 100 of them.' })
  rejected: RejectedVexStatementDto[];

  @Property(Date, { description: 'When it came first.' })
  createdAt: Date;

  @Property(Date, { description: 'When this version of it came.' })
  updatedAt: Date;

  @Property(String, { description: 'Who brought this version: `token:<id>`.' })
  createdBy: string;

  static of(document: StoredVexDocument): VexDocumentDto {
    const { id, format, documentId, author, time, digest, statementCount, rejectedCount } = document;
    const { createdAt, updatedAt, createdBy } = document;
    const rejected = document.rejected.map(RejectedVexStatementDto.of);
    const counts = { statementCount, rejectedCount, rejected };
    const history = { createdAt, updatedAt, createdBy };
    const dto = { id, format, documentId, author, time, digest, ...counts, ...history };
    return Object.assign(new VexDocumentDto(), dto);
  }
}

@ApiSchema({ name: 'VexDocumentPage' })
export class VexDocumentPageDto extends PageOf(VexDocumentDto) {}

@Shape('VexEffect', 'What a document that came or went did to findings.')
export class VexEffectDto {
  @Property(Int, { description: 'Findings that are suppressed now.' })
  suppressed: number;

  @Property(Int, { description: 'Findings that are suppressed no more.' })
  restored: number;

  @Property(Int, { description: 'Findings as they were, shown with another statement, or with none any more.' })
  annotated: number;

  static of({ suppressed, restored, annotated }: VexEffect): VexEffectDto {
    return Object.assign(new VexEffectDto(), { suppressed, restored, annotated });
  }
}

@Shape('VexImport', 'What became of a document that was sent.')
export class VexImportDto {
  @Property(VexOutcomes, { description: 'What it was to what is here.' })
  outcome: VexOutcome;

  @Property(VexDocumentDto, { description: 'As it is here.' })
  document: VexDocumentDto;

  @Property(VexEffectDto, { description: 'What it did.' })
  effect: VexEffectDto;

  static of({ outcome, document, effect }: VexImport): VexImportDto {
    const dto = { outcome, document: VexDocumentDto.of(document), effect: VexEffectDto.of(effect) };
    return Object.assign(new VexImportDto(), dto);
  }
}

@Shape('VexProduct', 'What a statement is about: a package anywhere, or an image and then only some packages of it.')
export class VexProductDto {
  @Property(String, { description: 'As written.', example: 'pkg:oci/app?repository_url=registry.example%2Fteam%2Fapp' })
  id: string;

  @Property([String], { description: 'Package URLs that identify it, the first 100.' })
  purls: string[];

  @Property([String], { description: 'Of an image.' })
  digests: string[];

  @Property([String], { description: 'Which parts of it, the first 100; none: all of it.' })
  subcomponents: string[];

  @Property(Int, { description: 'How many parts it has.' })
  subcomponentCount: number;

  static of({ id, purls, digests, subcomponents }: VexProduct): VexProductDto {
    return Object.assign(new VexProductDto(), {
      id,
      purls: purls.slice(0, MAX_SHOWN),
      digests,
      subcomponents: subcomponents.slice(0, MAX_SHOWN),
      subcomponentCount: subcomponents.length,
    });
  }
}

@Shape('VexStatement', 'What one statement of a document says.')
export class VexStatementDto {
  @Property([String], { description: 'The id of the vulnerability, and other names of it.' })
  vulnerabilities: string[];

  @Property(VexStatuses, { description: 'What it says.' })
  status: VexStatus;

  @Property(VexJustifications, { description: 'Why it is not affected.', nullable: true })
  justification: VexJustification | null;

  @Property(String, { description: 'What its author adds.', nullable: true })
  detail: string | null;

  @Property(Date, { description: 'Of the statement, else of its document.', nullable: true })
  time: Date | null;

  @Property([VexProductDto], { description: 'What it is about, the first 100.' })
  products: VexProductDto[];

  @Property(Int, { description: 'How many products it names.' })
  productCount: number;

  static of({ vulnerabilities, status, justification, detail, time, products }: VexStatement): VexStatementDto {
    return Object.assign(new VexStatementDto(), {
      vulnerabilities: vulnerabilities.slice(0, MAX_SHOWN),
      status,
      justification,
      detail,
      time,
      products: products.slice(0, MAX_SHOWN).map(VexProductDto.of),
      productCount: products.length,
    });
  }
}

@ApiSchema({ name: 'VexStatementPage' })
export class VexStatementPageDto extends PageOf(VexStatementDto) {}
