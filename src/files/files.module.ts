import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { UploadFiles } from './upload-files.js';

@Module({
  providers: [
    {
      provide: UploadFiles,
      inject: [CONFIG],
      useFactory: (config: Config) => new UploadFiles(config.dataDir, config.maxUploadBytes),
    },
  ],
  exports: [UploadFiles],
})
export class FilesModule {}
