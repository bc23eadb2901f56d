package org.bpfz.spec.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.live.LiveBpf;
import org.bpfz.spec.live.LiveMap;
import org.bpfz.spec.live.RequiresLiveKernel;
import org.bpfz.spec.machine.SpecificationEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model and the machine's kernel answer the same calls in the same way: results, error numbers, bytes. Nothing is attached. */
class LiveBpfTest {
    private static final int CALLS = Integer.getInteger("bpfz.bpf.calls", 600);

    @BeforeAll
    static void needsKernel() {
        RequiresLiveKernel.orSkip(LiveBpfTest.class);
    }

    static BpfKernel model() {
        return new BpfKernel(
                new SpecificationEngine().open(Services.repeatable(1).withCpus(LiveMap.possibleCpus())),
                ProgramVerifier.TRUSTING, AttachPoints.NONE, null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomSequencesOfCommandsOnMaps(long seed) {
        BpfKernel kernel = model();
        Side modelled = new Side(kernel);
        CallGenerator generator = new CallGenerator(seed, kernel, modelled);
        List<String> story = new ArrayList<>();
        try (LiveBpf real = new LiveBpf()) {
            Side live = new Side(real);
            try {
                for (int i = 0; i < CALLS; i++) {
                    Side.Call call = generator.next();
                    String expected = live.make(call);
                    story.add(Command.of(call.command()) + " " + AttrCodec.of(Command.of(call.command()).form())
                            .read(call.attr()) + " " + call.fds() + " = " + expected);
                    assertEquals(expected, modelled.make(call),
                            () -> String.join("\n", story.subList(Math.max(0, story.size() - 12), story.size())));
                }
            } finally {
                for (int i = 0; i < live.count(); i++) {
                    live.close(i);
                }
            }
        }
    }
}
