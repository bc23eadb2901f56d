package org.bpfz.oracle.fuzz;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.bpfz.spec.isa.CallNames;
import org.bpfz.spec.isa.Disassembler;
import org.bpfz.spec.isa.MalformedInstruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.bpfz.spec.program.ProgramImage;

/** Writes a difference for a person to read: what differs, the small program, and the command that shows it again. */
public final class FindingWriter {
    private FindingWriter() {
    }

    /**
     * Writes it into a folder.
     *
     * @param command what replays the program as it was generated
     * @return the file
     */
    public static Path write(Path folder, Finding finding, String command) throws IOException {
        Candidate candidate = finding.candidate();
        Path file = folder.resolve(finding.kind() + "-" + candidate.seed() + "-" + candidate.index() + ".txt");
        StringBuilder text = new StringBuilder();
        text.append(finding.kind()).append(": program ").append(candidate.index()).append(" of seed ")
                .append(candidate.seed()).append(", ").append(candidate.shape()).append(", ")
                .append(finding.minimal().type().toolName()).append("\nagain: ").append(command).append("\n\n")
                .append(listing(finding.minimal())).append("\nbytes: ")
                .append(HexFormat.of().formatHex(Slots.toBytes(finding.minimal().code(), ByteOrder.LITTLE_ENDIAN)))
                .append("\n\n").append(finding.text().stripTrailing()).append("\n");
        return Files.writeString(file, text);
    }

    private static String listing(ProgramImage image) {
        try {
            return new Disassembler(CallNames.none()).listing(image.decoded());
        } catch (MalformedInstruction e) {
            StringBuilder raw = new StringBuilder();
            for (RawInstruction slot : image.code()) {
                raw.append(slot).append('\n');
            }
            return raw.toString();
        }
    }
}
