/** A number with a minus and a plus. */
export function Stepper(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  const { value, min, max, onChange } = props;
  return (
    <fieldset class="stepper" aria-label={props.label}>
      <button
        type="button"
        class="button compact"
        disabled={value <= min}
        onClick={() => onChange(value - 1)}
        aria-label="One fewer"
      >
        −
      </button>
      <output class="number" aria-live="polite">
        {value}
      </output>
      <button
        type="button"
        class="button compact"
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
        aria-label="One more"
      >
        +
      </button>
    </fieldset>
  );
}
