/* Trains or scores an INPUTS-HIDDEN-1 network (tanh, linear output) in FANN and prints one JSON line.
 *
 *     fann_peer train   INPUTS HIDDEN ROWS BATCH EPOCHS     BATCH 1: incremental; else batch, FANN's only other size
 *     fann_peer predict INPUTS HIDDEN ROWS
 *
 * FANN has no mini-batches: its batch training adds up the gradients of all rows and updates once an epoch, which spares it
 * updates that the others make, and has no momentum; incremental training has 0.9. Rows keep their order, as FANN can only
 * shuffle them by moving them about. All three are to FANN's advantage.
 *
 * Build: cc -O2 -o fann_peer fann_peer.c -lfann -lm
 */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <fann.h>

static const double least_seconds = 0.3;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static float uniform(void)
{
    return 2.0f * (float)rand() / (float)RAND_MAX - 1.0f;
}

static struct fann_train_data *make_samples(unsigned rows, unsigned inputs)
{
    struct fann_train_data *data = fann_create_train(rows, inputs, 1);
    float *weights = malloc(inputs * sizeof(float));
    if (data == NULL || weights == NULL) {
        fputs("Not enough memory for the samples.\n", stderr);
        exit(1);
    }
    srand(1);
    for (unsigned i = 0; i < inputs; i++)
        weights[i] = 3.0f / sqrtf((float)inputs) * uniform();
    for (unsigned r = 0; r < rows; r++) {
        float sum = 0.0f;
        for (unsigned i = 0; i < inputs; i++) {
            data->input[r][i] = uniform();
            sum += weights[i] * data->input[r][i];
        }
        data->output[r][0] = sinf(2.0f * sum);
    }
    free(weights);
    return data;
}

static void train(struct fann *net, struct fann_train_data *data, unsigned rows, int is_incremental, unsigned epochs)
{
    fann_set_training_algorithm(net, is_incremental ? FANN_TRAIN_INCREMENTAL : FANN_TRAIN_BATCH);
    fann_set_learning_rate(net, 0.001f);
    fann_set_learning_momentum(net, 0.9f);
    double start = seconds_now();
    for (unsigned e = 0; e < epochs; e++)
        fann_train_epoch(net, data);
    double seconds = seconds_now() - start;
    printf("{\"samples_per_second\": %.0f, \"seconds\": %.6f}\n", (double)rows * epochs / seconds, seconds);
}

static void predict(struct fann *net, struct fann_train_data *data, unsigned rows)
{
    double best = INFINITY;
    volatile float kept = 0.0f;
    for (int run = 0; run < 4; run++) {
        double scored = 0.0, start = seconds_now(), elapsed;
        do {
            for (unsigned r = 0; r < rows; r++)
                kept = fann_run(net, data->input[r])[0];
            scored += rows;
            elapsed = seconds_now() - start;
        } while (elapsed < least_seconds);
        if (elapsed / scored < best)
            best = elapsed / scored;
    }
    (void)kept;
    printf("{\"rows_per_second\": %.0f, \"nanoseconds_per_row\": %.2f}\n", 1.0 / best, 1e9 * best);
}

int main(int count, char **arguments)
{
    int is_train = count == 7 && strcmp(arguments[1], "train") == 0;
    int is_predict = count == 5 && strcmp(arguments[1], "predict") == 0;
    if (!is_train && !is_predict) {
        fputs("usage: fann_peer train INPUTS HIDDEN ROWS BATCH EPOCHS | predict INPUTS HIDDEN ROWS\n", stderr);
        return 2;
    }
    unsigned inputs = (unsigned)atoi(arguments[2]), hidden = (unsigned)atoi(arguments[3]), rows = (unsigned)atoi(arguments[4]);
    struct fann *net = fann_create_standard(3, inputs, hidden, 1);
    fann_set_activation_function_hidden(net, FANN_SIGMOID_SYMMETRIC);
    fann_set_activation_function_output(net, FANN_LINEAR);
    struct fann_train_data *data = make_samples(rows, inputs);
    if (is_train)
        train(net, data, rows, atoi(arguments[5]) == 1, (unsigned)atoi(arguments[6]));
    else
        predict(net, data, rows);
    fann_destroy_train(data);
    fann_destroy(net);
    return 0;
}
