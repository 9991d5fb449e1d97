import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { TemporaryFiles } from './temporary-files.js';
import { UploadFiles } from './upload-files.js';

@Module({
  providers: [
    {
      provide: UploadFiles,
      inject: [CONFIG],
      useFactory: (config: Config) => new UploadFiles(config.dataDir, config.maxUploadBytes),
    },
    {
      provide: TemporaryFiles,
      inject: [CONFIG],
      useFactory: (config: Config) => new TemporaryFiles(config.dataDir),
    },
  ],
  exports: [UploadFiles, TemporaryFiles],
})
export class FilesModule {}
