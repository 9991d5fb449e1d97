import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { HealthService } from '../service/health.service.js';

/** What Prometheus reads. One registry for each application, as tests start several in one process. */
@Injectable()
export class Metrics implements OnModuleDestroy {
  readonly registry = new Registry();

  private readonly duration = new Histogram({
    name: 'plimsoll_http_request_duration_seconds',
    help: 'How long requests took, by route template.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers: [this.registry],
  });

  constructor(health: HealthService) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'plimsoll_queue_jobs',
      help: 'Jobs that wait or run, by queue.',
      labelNames: ['queue'],
      registers: [this.registry],
      async collect() {
        this.reset();
        // Without an answer there is no value: a scrape must not fail because a dependency does.
        const depth = await health.queueDepth().catch(() => ({}));
        for (const [queue, jobs] of Object.entries(depth)) this.set({ queue }, jobs);
      },
    });
  }

  observe(app: NestFastifyApplication): void {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onResponse', async (request, reply) => {
        const route = request.routeOptions.url ?? 'unmatched';
        const labels = { method: request.method, route, status: reply.statusCode };
        this.duration.observe(labels, reply.elapsedTime / 1000);
      });
  }

  onModuleDestroy(): void {
    this.registry.clear();
  }
}
