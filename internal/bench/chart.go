package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// chart shows benchmarks named Growth/kind/opt-outs/way against the number of opt-outs.
type chart struct {
	file, title, axis string
	unit              string
	scale             float64
	lines             []line
}

// line is one way of one kind.
type line struct {
	title, kind, way string
	plain, miss      bool
}

func charts() []chart {
	return []chart{
		{"gate.svg", "Time of a gate over memstore", "ns", perOp, 1e9, []line{
			{"gate, opted out", "hit", gate, false, false},
			{"gate, not opted out", "miss", gate, false, true},
			{"map, opted out", "hit", mapRead, true, false},
			{"map, not opted out", "miss", mapRead, true, true},
		}},
		{"memory.svg", "Memory of memstore", "MB", memory, 1e-6, []line{
			{"memstore, with history", "memory", gate, false, false},
			{"map of states", "memory", bareMap, true, false},
		}},
	}
}

func (c chart) draw(m *samples) ([]byte, error) {
	p := plot.New()
	for _, style := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.title, "numbers that opted out", c.axis
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())
	drawn := false
	for _, l := range c.lines {
		points := c.points(m, l)
		if len(points) == 0 {
			continue
		}
		drawn = true
		path, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
		path.Color, path.Width, dots.Shape = color.RGBA{0x1f, 0x5f, 0xa8, 0xff}, vg.Points(1.5), draw.CircleGlyph{}
		if l.plain {
			path.Color = color.RGBA{0xd9, 0x6a, 0x0b, 0xff}
		}
		if l.miss {
			path.Dashes, dots.Shape = []vg.Length{vg.Points(4), vg.Points(3)}, draw.RingGlyph{}
		}
		dots.Color = path.Color
		p.Add(path, dots)
		p.Legend.Add(l.title, path, dots)
	}
	if !drawn { // nothing is measured: an empty frame
		p.X.Min, p.Y.Min, p.X.Max, p.Y.Max = 1, 1, 10, 10
	}
	p.Y.Max = math.Pow(10, math.Ceil(math.Log10(p.Y.Max))+1) // room for the legend
	canvas := vgsvg.New(12*vg.Centimeter, 9*vg.Centimeter)
	p.Draw(draw.New(canvas))
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	// Few readers have the library's own font.
	return bytes.ReplaceAll(svg.Bytes(), []byte("font-family:Liberation Sans"), []byte("font-family:Liberation Sans,Arial,sans-serif")), nil
}

// points are the medians of a line. Bytes of a number become those of all numbers.
func (c chart) points(m *samples, l line) plotter.XYs {
	var points plotter.XYs
	for _, size := range []int{1_000, 10_000, 100_000, 1_000_000, 10_000_000} {
		values := m.values["Growth/"+l.kind+"/"+strconv.Itoa(size)+"/"+l.way][c.unit]
		if len(values) == 0 {
			continue
		}
		y := summarize(values).center * c.scale
		if strings.HasSuffix(c.unit, "/number") {
			y *= float64(size)
		}
		points = append(points, plotter.XY{X: float64(size), Y: y})
	}
	return points
}
