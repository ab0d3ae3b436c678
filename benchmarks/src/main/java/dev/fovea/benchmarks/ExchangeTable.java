package dev.fovea.benchmarks;

import dev.fovea.benchmarks.engine.Contest;
import dev.fovea.benchmarks.exchange.ExchangeRates;
import java.util.List;
import java.util.function.Consumer;

/** What averaging costs, way by way. */
final class ExchangeTable {
  private final MarkdownTable table;

  ExchangeTable(Consumer<String> out) {
    table =
        new MarkdownTable(
            1,
            List.of(
                "way",
                "weights, MB",
                "ms",
                "/ " + ExchangeRates.SOCKETS,
                "driver's CPU, ms",
                "executors' CPU, ms"),
            out);
  }

  void add(ExchangeRates rates) {
    Contest<String> millis = rates.millis();
    for (String way : ExchangeRates.WAYS) {
      table.row(
          List.of(
              way,
              Figures.rate(rates.megabytes()),
              Figures.rate(millis.rate(way).orElseThrow()),
              Figures.ratio(millis.ratio(way, ExchangeRates.SOCKETS)),
              Figures.rate(rates.driverCpuMillis().rate(way).orElseThrow()),
              Figures.rate(rates.executorCpuMillis().rate(way).orElseThrow())));
    }
  }
}
