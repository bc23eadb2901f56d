package org.bpfz.proofs.engines;

import com.google.common.base.Splitter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Runs a program on a whole engine: {@code interpreter memory code}, memory and code in hexadecimal; yields R0 or the fault. */
public final class EngineRun implements UnaryOperator<String> {
    @Override
    public String apply(String input) {
        List<String> words = Splitter.on(' ').splitToList(input);
        byte[] code = HexFormat.of().parseHex(words.get(2));
        List<RawInstruction> slots = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            slots.add(RawInstruction.ofWord(buffer.getLong()));
        }
        ProgramImage image = ProgramImage.builder("proof", ProgramType.UNSPEC).code(slots).build();
        for (Engine engine : ServiceLoader.load(Engine.class, EngineRun.class.getClassLoader())) {
            if (engine.name().equals(words.get(0))) {
                Result result = engine.open(Services.repeatable(1)).load(image, Facts.NONE)
                        .run(Invocation.raw(HexFormat.of().parseHex(words.get(1))).build());
                return result.fault() == null
                        ? "0x" + Long.toHexString(result.r0())
                        : result.fault().getClass().getSimpleName();
            }
        }
        throw new IllegalArgumentException("no engine " + words.get(0));
    }
}
