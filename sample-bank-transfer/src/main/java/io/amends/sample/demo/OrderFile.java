package io.amends.sample.demo;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads transfers from a CSV file. */
final class OrderFile {

    private static final List<String> HEADER =
            List.of("transferId", "fromBank", "fromAccount", "toBank", "toAccount", "amount");

    private OrderFile() {}

    /** A line that can't be run. */
    record BadLine(long line, String reason) {}

    /** What a file holds. */
    record Content(List<Order> orders, List<BadLine> badLines) {}

    /**
     * The file's content.
     *
     * @throws IOException if it can't be read or has another header; the text says which
     */
    static Content read(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setTrim(true)
                .setIgnoreEmptyLines(true)
                .get();
        List<Order> orders = new ArrayList<>();
        List<BadLine> badLines = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser parser = format.parse(reader)) {
            if (!parser.getHeaderNames().equals(HEADER)) {
                throw new IOException("%s must begin with the line %s.".formatted(file, String.join(",", HEADER)));
            }
            for (CSVRecord record : parser) {
                long line = parser.getCurrentLineNumber();
                if (record.size() != HEADER.size()) {
                    badLines.add(new BadLine(
                            line, "it has %d fields instead of %d".formatted(record.size(), HEADER.size())));
                } else {
                    orders.add(new Order(
                            record.get(0),
                            record.get(1),
                            record.get(2),
                            record.get(3),
                            record.get(4),
                            record.get(5),
                            line,
                            true));
                }
            }
        }
        return new Content(orders, badLines);
    }
}
