package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.runtime.NetworkDescription.Segment;
import dev.fovea.core.runtime.StepParts.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPartsTest {
  private static final Segment ROWS = new Segment(0, 0, 0);
  private static final Segment PANELS = new Segment(1, 4, 1);

  @Test
  void chunksAreFullButTheLastOfEachStretch() {
    StepParts parts = StepParts.of(new int[] {20, 21, 37}, 8, 1);

    assertThat(parts.chunks()).isEqualTo(6);
    assertThat(of(parts, ROWS, 0))
        .containsExactly(
            new Part(0, 0, 8),
            new Part(1, 8, 8),
            new Part(2, 16, 4),
            new Part(3, 20, 1),
            new Part(4, 21, 8),
            new Part(5, 29, 8));
  }

  @Test
  void lanesTakeTurnsWithChunksOfOneSize() {
    StepParts parts = StepParts.of(new int[] {40}, 8, 2);

    assertThat(of(parts, ROWS, 0)).extracting(Part::number).containsExactly(0, 2, 4);
    assertThat(of(parts, ROWS, 1)).extracting(Part::number).containsExactly(1, 3);
  }

  @Test
  void aChunkGoesToTheLaneWithTheFewestRows() {
    StepParts parts = StepParts.of(new int[] {32, 45, 64}, 32, 2);

    assertThat(of(parts, ROWS, 0)).containsExactly(new Part(0, 0, 32));
    assertThat(of(parts, ROWS, 1)).containsExactly(new Part(1, 32, 13), new Part(2, 45, 19));
  }

  @Test
  void lanesWithoutAChunkAreTheLastOnes() {
    StepParts parts = StepParts.of(new int[] {5, 9}, 8, 3);

    assertThat(parts.activeLanes()).isEqualTo(2);
    assertThat(of(parts, ROWS, 2)).isEmpty();
  }

  @Test
  void everyPanelTakesAllRows() {
    StepParts parts = StepParts.of(new int[] {20, 21}, 8, 3);

    assertThat(of(parts, PANELS, 0)).containsExactly(new Part(0, 0, 21), new Part(3, 0, 21));
    assertThat(of(parts, PANELS, 2)).containsExactly(new Part(2, 0, 21));
  }

  @Test
  void noRowsHaveNoParts() {
    StepParts parts = StepParts.of(new int[0], 8, 2);

    assertThat(parts.activeLanes()).isZero();
    assertThat(of(parts, ROWS, 0)).isEmpty();
    assertThat(of(parts, PANELS, 0)).isEmpty();
  }

  @Test
  void aLaneStopsWhenToldTo() {
    StepParts parts = StepParts.of(new int[] {40}, 8, 1);
    List<Part> seen = new ArrayList<>();

    parts.forEach(ROWS, 0, lane -> seen.size() < 2, seen::add);
    assertThat(seen).hasSize(2);
    parts.forEach(PANELS, 0, lane -> seen.size() < 5, seen::add);
    assertThat(seen).hasSize(5);
  }

  private static List<Part> of(StepParts parts, Segment segment, int lane) {
    List<Part> seen = new ArrayList<>();
    parts.forEach(segment, lane, any -> true, seen::add);
    return seen;
  }
}
