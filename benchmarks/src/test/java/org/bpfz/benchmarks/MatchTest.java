package org.bpfz.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contenders take turns, and a ratio is one of samples that were taken at the same time. */
class MatchTest {
    @Test
    void letsEachRunInItsTurnAndCountsItForIt() throws Exception {
        List<String> order = new ArrayList<>();
        Match match = Match.begin(List.of(times -> busy("a", times, order), times -> busy("b", times, order)), 2, 3);
        order.clear();
        Turns counters = new Turns();
        match.sample(counters);
        assertTrue(counters.first > 0 && counters.second > 0);
        assertEquals(0, counters.third);
        assertEquals(order.size() / 2, Collections.frequency(order, "a"));
        assertTrue(order.size() >= 10);
        for (int i = 0; i < order.size(); i++) {
            assertEquals(i % 2 == 0 ? "a" : "b", order.get(i));
        }
    }

    private static long busy(String name, int times, List<String> order) {
        order.add(name);
        long value = order.size();
        for (int i = 0; i < times * 1_000; i++) {
            value = value * 31 + i;
        }
        return value;
    }

    @Test
    void hasNoCounterForMoreThanFive() {
        Turns counters = new Turns();
        for (int i = 0; i < Turns.PLACES; i++) {
            counters.add(i, i + 1.0);
            Turns.counter(i);
        }
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0),
                List.of(counters.first, counters.second, counters.third, counters.fourth, counters.fifth));
        assertThrows(IllegalArgumentException.class, () -> counters.add(Turns.PLACES, 1));
        assertThrows(IllegalArgumentException.class, () -> Turns.counter(Turns.PLACES));
    }

    @Test
    void comparesWhatWasMeasuredAtTheSameTime() {
        // The machine was three times as slow for the last two samples of both.
        Row slow = Row.of("g", "slow", true, 2, 2, 6, 6, 2);
        Row fast = Row.of("g", "fast", true, 1, 1, 3, 3, 1);
        assertEquals(2, slow.ratio(fast));
        Row late = Row.of("g", "late", true, 3, 3, 3, 3, 3);
        assertEquals(3, late.ratio(fast));
        assertEquals(3, Row.of("g", "apart", false, 3, 3, 3, 3, 3).ratio(Row.of("g", "fast", false, 1, 1, 3, 3, 1)));
        assertEquals(1, Row.of("g", "late", true, 3, 3, 9, 9, 9).ratio(Row.of("g", "other", true, 3, 4, 9, 8, 9)));
    }
}
