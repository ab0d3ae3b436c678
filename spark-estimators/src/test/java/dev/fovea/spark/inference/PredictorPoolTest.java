package dev.fovea.spark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.core.network.Network;
import dev.fovea.core.runtime.Replica;
import dev.fovea.core.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

class PredictorPoolTest {
  private static final ClassifierNetwork NETWORK =
      ClassifierNetwork.of(
          Network.parse(
              """
              x      Input shape=3
              logits Dense units=2
              label  Target
              loss   SoftmaxCrossEntropy from=logits,label
              """));

  private static TrainedNetwork trained() {
    return new TrainedNetwork(NETWORK, Weights.allocate(NETWORK.description().weightCount()));
  }

  @Test
  void aPredictorIsUsedAgain() {
    PredictorPool pool = PredictorPool.of(trained(), 4);
    BatchPredictor first = pool.borrow();
    BatchPredictor second = pool.borrow();
    assertThat(second).isNotSameAs(first);
    pool.giveBack(first);
    assertThat(pool.borrow()).isSameAs(first);
    pool.giveBack(first);
    pool.giveBack(second);
  }

  @Test
  void copiesOfANetworkShareAPoolAndOtherNetworksDoNot() {
    TrainedNetwork network = trained();
    assertThat(PredictorPool.of(network, 4)).isSameAs(PredictorPool.of(network, 4));
    assertThat(PredictorPool.of(network, 5)).isNotSameAs(PredictorPool.of(network, 4));
    assertThat(PredictorPool.of(trained(), 4)).isNotSameAs(PredictorPool.of(network, 4));
  }

  @Test
  void oldPoolsAreClosedSoThatManyModelsLeakNothing() {
    int most = Replica.openCount() + PredictorPool.MAX_POOLS;
    for (int i = 0; i < 3 * PredictorPool.MAX_POOLS; i++) {
      assertThat(trained().logits(Vectors.dense(1, 2, 3), "x", false)).containsExactly(0, 0);
    }
    assertThat(Replica.openCount()).isLessThanOrEqualTo(most);
  }

  @Test
  void aPredictorOfAClosedPoolIsClosedWhenItComesBack() {
    PredictorPool pool = PredictorPool.of(trained(), 1);
    BatchPredictor lent = pool.borrow();
    List<PredictorPool> others = new ArrayList<>();
    for (int i = 0; i < PredictorPool.MAX_POOLS; i++) {
      others.add(PredictorPool.of(trained(), 1));
    }
    assertThat(others).doesNotContain(pool);
    int open = Replica.openCount();
    pool.giveBack(lent);
    assertThat(Replica.openCount()).isEqualTo(open - 1);
  }
}
