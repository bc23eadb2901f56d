package org.bpfz.oracle.cli;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.BpfProgram;
import org.bpfz.oracle.InputException;
import org.bpfz.oracle.UnavailableException;
import org.bpfz.oracle.cli.VerifyReport.Row;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.program.Capability;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.Options;
import org.bpfz.verifier.log.VerifierLog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bpfz verify}: what Linux 6.12's verifier says of an object's programs. */
@CommandLine.Command(description = {"Says of each program whether Linux 6.12 loads it, and why not.",
    "Exit 0: all are accepted; 1: one or more are refused."}, sortOptions = false)
final class VerifyCommand extends Command {
    private static final int MAX_RAW_BYTES = Slots.BYTES * 2_000_000;

    @Parameters(index = "0", paramLabel = "OBJ", description = "An ELF object made by clang or gcc for BPF; with --raw bare little-endian instructions.")
    private Path object = Path.of("");

    @Option(names = "--prog", paramLabel = "NAME", description = "Only this program; default: all that the object loads.")
    private @Nullable String name;

    @Option(names = "--type", paramLabel = "T", description = "Take it for this program type, whatever its section says (sched_cls, xdp, ...).")
    private @Nullable String type;

    @Option(names = "--raw", description = "OBJ is one program's instructions; its type is socket_filter unless --type says another.")
    private boolean raw;

    @Option(names = "--caps", split = ",", paramLabel = "CAP", description = "Load with these capabilities only: bpf, perfmon, net_admin, sys_admin, or none. Default: all of them.")
    private @Nullable List<String> caps;

    @Option(names = "--log", paramLabel = "0|1|2|4", description = "The kernel's log level; 0 prints none. Default: 1, with --live 4, the least at which a kernel tells its time.")
    private @Nullable Integer logLevel;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1", description = "Verify N times and say how fast that was: the median of the second half, after the JVM has compiled the verifier.")
    private int repeat;

    @Option(names = "--live", description = "With --raw: let this machine's kernel verify the program as often, in turns and at the same log level, and compare the times (root).")
    private boolean live;

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Mixin
    private final KernelOptions kernel = new KernelOptions();

    VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        checkOptions();
        List<Row> rows = new ArrayList<>();
        if (raw) {
            ProgramImage image = bareProgram();
            rows.add(timed("raw", "", image, options()));
        } else {
            BpfObject opened = BpfObject.open(object).on(kernel.target());
            Options options = options().withKernelBtf(opened.target().types());
            for (BpfProgram program : chosen(opened)) {
                rows.add(timed(program.name(), program.section(), opened.program(program), options));
            }
        }
        VerifyReport report = new VerifyReport(terminal, logLevel() != 0);
        if (json) {
            report.printJson(rows);
        } else {
            rows.forEach(report::print);
        }
        return rows.stream().allMatch(Row::isAccepted) ? ExitCode.OK : ExitCode.NO;
    }

    private int logLevel() {
        Integer asked = logLevel;
        return asked != null ? asked : live ? VerifierLog.STATS : VerifierLog.LEVEL1;
    }

    private void checkOptions() {
        int level = logLevel();
        if (level < 0 || level > 7) {
            throw new InputException("--log " + level + ": levels are 0, 1, 2 and 4, or sums of them");
        }
        if (repeat < 1) {
            throw new InputException("--repeat " + repeat + ": at least once");
        }
        if (live && !raw) {
            throw new InputException("--live compares bare instructions only: give --raw too");
        }
        String missing = live ? LiveKernel.unavailable() : null;
        if (missing != null) {
            throw new UnavailableException("--live: " + missing);
        }
    }

    private Row timed(String program, String section, ProgramImage image, Options options) {
        VerifyTiming timing = VerifyTiming.measure(image, options, repeat, live);
        return new Row(program, section, image, timing);
    }

    private Options options() {
        return Options.privileged().withLogLevel(logLevel()).withCapabilities(capabilities());
    }

    private Set<Capability> capabilities() {
        List<String> given = caps;
        if (given == null) {
            return Capability.all();
        }
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        for (String each : given) {
            String wanted = each.strip().toUpperCase(Locale.ROOT).replaceFirst("^CAP_", "");
            if (!wanted.equals("NONE")) {
                capabilities.add(Arrays.stream(Capability.values()).filter(known -> known.name().equals(wanted))
                        .findAny().orElseThrow(() -> new InputException("--caps " + each
                                + ": bpfz knows bpf, perfmon, net_admin, sys_admin and none")));
            }
        }
        return capabilities;
    }

    private ProgramImage bareProgram() throws IOException {
        byte[] bytes = Inputs.read(terminal, object.toString(), MAX_RAW_BYTES);
        String asked = type;
        ProgramType programType = asked == null ? ProgramType.SOCKET_FILTER : programType(asked);
        try {
            return ProgramImage.builder("raw", programType).code(Slots.ofBytes(bytes, ByteOrder.LITTLE_ENDIAN))
                    .sleepable(programType == ProgramType.SYSCALL).build();
        } catch (MalformedInstruction e) {
            throw new InputException(object + ": instruction " + e.index() + ": " + e.reason());
        }
    }

    private List<BpfProgram> chosen(BpfObject opened) {
        String wanted = name;
        List<BpfProgram> programs = opened.programs().stream()
                .filter(program -> wanted == null ? program.autoload() : program.name().equals(wanted)).toList();
        if (programs.isEmpty()) {
            throw new InputException(object + ": " + (wanted == null ? "no programs" : "no program '" + wanted + "'"));
        }
        String other = type;
        if (other == null) {
            return programs;
        }
        ProgramType asked = programType(other);
        return programs.stream().map(program -> program.as(asked)).toList();
    }

    private static ProgramType programType(String name) {
        ProgramType known = ProgramType.ofToolName(name);
        if (known == null || known == ProgramType.UNSPEC) {
            throw new InputException(
                    "--type " + name + ": no such program type; docs/PROGRAM_TYPES.md lists them");
        }
        return known;
    }
}
