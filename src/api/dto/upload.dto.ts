import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Upload } from '../../model/upload.js';

@ApiSchema({ name: 'Upload', description: 'A file that a client sent, kept until it expires.' })
export class UploadDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({
    description: 'For `target.reference` of a scan.',
    example: 'upload:0190b1e2-5f3a-7c4d-8e5f-6a7b8c9d0e1f',
  })
  reference: string;

  @ApiProperty({ type: 'integer', description: 'Bytes.' })
  size: number;

  @ApiProperty({ description: 'Of the bytes.', example: 'sha256:9f86…' })
  digest: string;

  @ApiProperty({ type: String, nullable: true })
  filename: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', description: 'When the file will be gone.' })
  expiresAt: Date;

  static of({ id, size, digest, filename, createdAt, expiresAt }: Upload): UploadDto {
    const dto = { id, reference: `upload:${id}`, size, digest, filename, createdAt, expiresAt };
    return Object.assign(new UploadDto(), dto);
  }
}
