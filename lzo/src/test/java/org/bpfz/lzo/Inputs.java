package org.bpfz.lzo;

import java.util.Random;

/** Inputs for the tests, by alphabet, length and seed: the same ones each time. */
final class Inputs {
    /** How the bytes of an input hang together: what a match finder meets. */
    enum Alphabet {
        ZEROS {
            @Override
            byte next(byte[] data, int at, Random random) {
                return 0;
            }
        },
        TWO_LETTERS {
            @Override
            byte next(byte[] data, int at, Random random) {
                return (byte) random.nextInt(2);
            }
        },
        FOUR_LETTERS {
            @Override
            byte next(byte[] data, int at, Random random) {
                return (byte) random.nextInt(4);
            }
        },
        SIXTEEN_LETTERS {
            @Override
            byte next(byte[] data, int at, Random random) {
                return (byte) random.nextInt(16);
            }
        },
        NOISE {
            @Override
            byte next(byte[] data, int at, Random random) {
                return (byte) random.nextInt();
            }
        },
        PERIOD_3 {
            @Override
            byte next(byte[] data, int at, Random random) {
                return (byte) (at % 3);
            }
        },
        PERIOD_257 {
            @Override
            byte next(byte[] data, int at, Random random) {
                return at < 257 ? (byte) random.nextInt() : data[at - 257];
            }
        },
        RUNS {
            @Override
            byte next(byte[] data, int at, Random random) {
                return at > 0 && random.nextInt(20) != 0 ? data[at - 1] : (byte) random.nextInt();
            }
        },
        ZERO_RUNS {
            @Override
            byte next(byte[] data, int at, Random random) {
                boolean stays = at > 0 && random.nextInt(40) != 0;
                return stays ? (data[at - 1] == 0 ? 0 : (byte) random.nextInt()) : (byte) random.nextInt(2);
            }
        },
        NEAR_COPIES {
            @Override
            byte next(byte[] data, int at, Random random) {
                int back = 1 + random.nextInt(24);
                return at >= 64 && random.nextInt(10) != 0 ? data[at - 40 - back % 4] : (byte) random.nextInt(64);
            }
        },
        FAR_COPIES {
            @Override
            byte next(byte[] data, int at, Random random) {
                int distance = Math.min(at, 20_000);
                return at >= 500 && random.nextInt(12) != 0 ? data[at - distance] : (byte) random.nextInt();
            }
        },
        POINTERS {
            @Override
            byte next(byte[] data, int at, Random random) {
                return switch (at % 8) {
                    case 7, 6 -> -1;
                    case 5 -> (byte) 0x88;
                    case 4, 3 -> 0;
                    default -> (byte) random.nextInt();
                };
            }
        },
        TEXT {
            @Override
            byte next(byte[] data, int at, Random random) {
                return (byte) "eeetttaaoinshr dlu cm  fyw".charAt((int) (26 * Math.pow(random.nextDouble(), 1.5)));
            }
        };

        abstract byte next(byte[] data, int at, Random random);

        byte[] input(int length, long seed) {
            Random random = new Random(seed * 1_000_003 + length * 31L + ordinal());
            byte[] data = new byte[length];
            for (int at = 0; at < length; at++) {
                data[at] = next(data, at, random);
            }
            return data;
        }
    }

    private Inputs() {
    }

    /** Pieces of several alphabets one behind the other. */
    static byte[] mixed(Random random, int mostBytes) {
        byte[] data = new byte[random.nextInt(mostBytes + 1)];
        int at = 0;
        while (at < data.length) {
            Alphabet alphabet = Alphabet.values()[random.nextInt(Alphabet.values().length)];
            int piece = Math.min(data.length - at, 1 + random.nextInt(1 + mostBytes / 3));
            System.arraycopy(alphabet.input(piece, random.nextInt(1000)), 0, data, at, piece);
            at += piece;
        }
        return data;
    }
}
