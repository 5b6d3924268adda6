import { MissingState, type Need, type State } from './state.ts';

/**
 * Asks for everything at once that a decision turned out to need: one round trip, where reading one after another would take one each.
 *
 * @throws MissingState naming all that is not loaded
 */
export function demand(state: State, needs: readonly Need[]): void {
  const missing: Need[] = [];
  for (const need of needs) {
    try {
      state.find(need.kind, need.key);
    } catch (error) {
      if (!(error instanceof MissingState)) throw error;
      missing.push(need, ...error.needs);
    }
  }
  if (missing.length > 0) throw new MissingState(missing);
}
