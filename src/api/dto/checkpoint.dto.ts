import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Checkpoint, VerifierKey } from '../../model/checkpoint.js';
import { Property, Shape } from './property.js';

@Shape(
  'Checkpoint',
  "The head of the project's log, signed. Keep it elsewhere: `plimsoll verify` compares the log with it.",
)
export class CheckpointDto {
  @Property(String, { description: 'Of which log: `plimsoll/` and the id of the project.' })
  origin: string;

  @Property(String, { description: 'The position of the last entry, `0` for none.', example: '42' })
  size: string;

  @Property(String, { description: 'Hexadecimal hash of the last entry; 64 zeros for an empty log.' })
  head: string;

  @Property(Date, { description: 'When it was signed.' })
  time: Date;

  @Property(String, { description: 'Of the key that signed it.', example: '3f1c9a70' })
  keyId: string;

  @Property(String, { description: 'The key that signed it, as a verifier key of C2SP signed-note.' })
  verifierKey: string;

  @Property(String, { description: 'Base64 of the Ed25519 signature over the text of the note.' })
  signature: string;

  @Property(String, { description: 'The whole as a C2SP signed note.' })
  note: string;

  static of(checkpoint: Checkpoint): CheckpointDto {
    return Object.assign(new CheckpointDto(), checkpoint);
  }
}

@Shape('VerifierKey', 'The public half of a key that checkpoints are or were signed with.')
export class VerifierKeyDto {
  @Property(String, { description: 'Eight hexadecimal digits, as C2SP signed-note has it.' })
  id: string;

  @Property(String, { description: 'As a verifier key of C2SP signed-note: name, id, and base64 of 0x01 and the key.' })
  verifierKey: string;

  @Property(Date, { description: 'When it was made.' })
  createdAt: Date;

  @Property(Boolean, { description: 'Whether checkpoints of today are signed with it.' })
  current: boolean;

  static of(key: VerifierKey): VerifierKeyDto {
    return Object.assign(new VerifierKeyDto(), key);
  }
}

@ApiSchema({ name: 'VerifierKeyList' })
export class VerifierKeyListDto {
  @ApiProperty({ type: [VerifierKeyDto] })
  items: VerifierKeyDto[];
}
