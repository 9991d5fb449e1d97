import { buildMessage, ValidateBy } from 'class-validator';

/**
 * Text of 1 to `max` characters that PostgreSQL stores as it came: no control characters (a text may not hold NUL) and
 * no half of a surrogate pair (jsonb refuses one).
 */
export function IsPlainText(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'isPlainText',
    validator: {
      validate: (value) => isPlainText(value, max),
      defaultMessage: buildMessage(() => `expected text of 1 to ${max} characters, without control characters`),
    },
  });
}

/** A map of at most `maxEntries` short texts, as labels. */
export function IsTextMap(maxEntries: number, maxKey: number, maxValue: number): PropertyDecorator {
  return ValidateBy({
    name: 'isTextMap',
    validator: {
      validate: (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const entries = Object.entries(value);
        return (
          entries.length <= maxEntries &&
          entries.every(([key, text]) => isPlainText(key, maxKey) && (text === '' || isPlainText(text, maxValue)))
        );
      },
      defaultMessage: buildMessage(
        () =>
          `expected an object of at most ${maxEntries} texts: keys of 1 to ${maxKey} characters, values of up to ${maxValue}`,
      ),
    },
  });
}

export function isPlainText(value: unknown, max: number): value is string {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= max &&
    value.isWellFormed() &&
    !/\p{Cc}/u.test(value)
  );
}
