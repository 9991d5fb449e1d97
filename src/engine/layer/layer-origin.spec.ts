import { describe, expect, it } from 'vitest';
import type { ImageHistoryEntry } from '../../model/image-config.js';
import { layerOrigin } from './layer-origin.js';

/** `-` before an instruction: it made no layer. */
function history(...steps: (string | null)[]): ImageHistoryEntry[] {
  return steps.map((step) => ({
    created: null,
    createdBy: step === null ? null : step.replace(/^-/, ''),
    comment: null,
    emptyLayer: step?.startsWith('-') ?? false,
  }));
}

const image = (diffIds: string[], ...steps: (string | null)[]) => ({ diffIds, history: history(...steps) });

describe('layerOrigin', () => {
  it.each<[string, ReturnType<typeof image>, string, number, string | null]>([
    ['passes over what made no layer', image(['a', 'b'], 'ADD', '-ENV', 'RUN', '-CMD'), 'b', 1, '3 RUN'],
    ['finds the bottom layer', image(['a', 'b'], '-ARG', 'ADD', 'RUN'), 'a', 0, '2 ADD'],
    ['takes the upper of two equal layers', image(['a', 'b', 'a'], 'ADD', 'RUN', 'COPY'), 'a', 2, '3 COPY'],
    ['knows no instruction of a squashed image', image(['a'], 'ADD', 'RUN'), 'a', 0, null],
    ['knows none where steps are missing', image(['a', 'b'], 'ADD'), 'a', 0, null],
    ['knows none without a history', image(['a']), 'a', 0, null],
    ['knows none where the step says nothing', image(['a'], null), 'a', 0, null],
  ])('%s', (_name, config, diffId, index, expected) => {
    const origin = layerOrigin(diffId, config);
    const { instruction } = origin;
    expect(origin).toMatchObject({ diffId, index, count: config.diffIds.length });
    expect(instruction && `${instruction.step} ${instruction.createdBy}`).toBe(expected);
    // Either the instruction, or why there is none.
    expect(origin.reason === null).toBe(instruction !== null);
  });

  it.each([
    ['an image that was read before its layers were kept', null],
    ['a configuration that lists no layers', image([])],
    ['a configuration that lists others', image(['b'], 'ADD')],
  ])('says why it does not know the place in %s', (_name, config) => {
    expect(layerOrigin('a', config)).toMatchObject({ diffId: 'a', index: null, instruction: null });
    expect(layerOrigin('a', config).reason).toMatch(/\.$/);
  });
});
